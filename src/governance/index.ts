export * from './pack/plumbline-checks';
export * from './organisation/version-deny-scp';
