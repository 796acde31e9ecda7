export * from './plumbline-checks';
