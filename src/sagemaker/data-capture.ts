import { PayloadLocation } from './payload-location';

/** Keeps requests and answers of a real-time endpoint in S3. They hold whatever callers send: treat the place accordingly. */
export interface DataCapture {
  /** Where they lie. */
  readonly destination: PayloadLocation;

  /**
   * The part of the requests that is kept, in percent; 0 to 100.
   *
   * @default 100
   */
  readonly samplingPercent?: number;

  /**
   * Whether the requests are kept.
   *
   * @default true
   */
  readonly requests?: boolean;

  /**
   * Whether the answers are kept.
   *
   * @default true
   */
  readonly answers?: boolean;
}
