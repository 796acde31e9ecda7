type Undo = () => void | Promise<void>;

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type EndSignal = keyof typeof EXIT_CODES;

/** What has to be undone before this process ends, however it ends. The last thing done is the first undone. */
export class CleanUp {
  private readonly undos: Undo[] = [];
  private running?: Promise<void>;

  public add(undo: Undo): void {
    this.undos.push(undo);
  }

  /** Ends the process when it is told to, with everything undone. Returns a function that stops listening. */
  public onSignals(announce: (signal: EndSignal) => void): () => void {
    const signals = Object.keys(EXIT_CODES) as EndSignal[];
    const listeners = signals.map(signal => {
      const listener = (): void => {
        // A terminal and npm both pass Ctrl-C on, so it comes more than once.
        if (this.running) return;
        announce(signal);
        void this.run().then(() => process.exit(EXIT_CODES[signal]));
      };
      process.on(signal, listener);
      return () => process.off(signal, listener);
    });
    return () => listeners.forEach(stop => stop());
  }

  /** Undoes everything, once; what cannot be undone does not keep the rest from being undone. */
  public run(): Promise<void> {
    this.running ??= this.undoAll();
    return this.running;
  }

  private async undoAll(): Promise<void> {
    for (let undo = this.undos.pop(); undo; undo = this.undos.pop()) {
      try {
        await undo();
      } catch (error) {
        console.error(`Not cleaned up: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}
