/** How a service is called outside the hours of the mute window. */
export enum ServiceTraffic {
  /** At any time: silence is a fault. */
  STEADY = 'STEADY',
  /** Not at all for hours or days, as a job that runs once a day or a service that nobody uses yet: silence is no fault. */
  SPORADIC = 'SPORADIC',
}
