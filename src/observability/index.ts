export * from './catalog-metric';
export * from './missing-metric-alarm';
