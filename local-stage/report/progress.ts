import { Palette } from './palette';

const REMIND_EVERY_MS = 5_000;

/** Tells on standard error what is being done, so that nobody waits before a still screen. */
export class Progress {
  constructor(
    private readonly palette: Palette,
    private readonly write: (text: string) => void = text => {
      process.stderr.write(text);
    },
  ) {}

  /** Does `work`, with a line when it begins, every few seconds while it lasts, and when it is done. */
  public async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const start = Date.now();
    const seconds = (): string => `${((Date.now() - start) / 1000).toFixed(1)} s`;
    const reminder = setInterval(() => this.line(this.palette.dim(`  … ${name}, ${seconds()}`)), REMIND_EVERY_MS);
    this.line(this.palette.dim(`  … ${name}`));
    try {
      const result = await work();
      this.line(`  ${this.palette.good('✓')} ${name} ${this.palette.dim(`(${seconds()})`)}`);
      return result;
    } catch (error) {
      this.line(`  ${this.palette.bad('✗')} ${name} ${this.palette.dim(`(${seconds()})`)}`);
      throw error;
    } finally {
      clearInterval(reminder);
    }
  }

  public line(text: string): void {
    this.write(`${text}\n`);
  }
}
