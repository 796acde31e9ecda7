export * from './checks';
export * from './mute-window';
export * from './standards';
