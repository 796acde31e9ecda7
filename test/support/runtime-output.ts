import { emittedMetrics, logRecords, type EmittedMetric } from './runtime-log';

/** What the runtime writes while a test runs. */
export class CapturedOutput {
  /** Captures from here to the end of the test file; emptied before each test. */
  public static install(): CapturedOutput {
    const captured = new CapturedOutput();
    const capture = (chunk: unknown): boolean => {
      captured.text += String(chunk);
      return true;
    };
    beforeEach(() => {
      captured.text = '';
      jest.spyOn(process.stdout, 'write').mockImplementation(capture);
      jest.spyOn(process.stderr, 'write').mockImplementation(capture);
    });
    afterEach(() => jest.restoreAllMocks());
    return captured;
  }

  public text = '';

  public get metrics(): EmittedMetric[] {
    return emittedMetrics(this.text);
  }

  /** The log lines of one of the contract's events. */
  public events(name: string): Record<string, unknown>[] {
    return logRecords(this.text).filter(record => record.event === name);
  }
}
