export * from './mute-window';
export * from './standards';
