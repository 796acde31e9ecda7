/** The demo cannot go on, and whoever runs it can mend that: one line with the fix, no stack trace. */
export class DemoError extends Error {
  constructor(problem: string, fix: string) {
    super(`${problem} ${fix}`);
    this.name = 'DemoError';
  }
}
