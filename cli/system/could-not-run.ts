/** A command that could not run: its message is told without a stack trace, and the exit code is 2. */
export class CouldNotRun extends Error {
}
