/** Prints a text; a command that only says something ends well. */
export function say(text: string): number {
  console.log(text);
  return 0;
}

/** Runs a command of this repository and ends the process with its exit code: 2 when it could not run, which its message explains. */
export function runCommand(main: () => Promise<number>): void {
  main().then(code => process.exit(code), (error: Error) => {
    console.error(error.message);
    process.exit(2);
  });
}
