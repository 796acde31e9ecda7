import { run } from './program';

const raw = (stream: NodeJS.WriteStream) => (text: string): void => { stream.write(text); };
const line = (stream: NodeJS.WriteStream) => (text: string): void => { stream.write(`${text}\n`); };

/* A pipe that is closed early, as by `head`, ends the command quietly. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

const { stdout, stderr } = process;
run(process.argv.slice(2), { cwd: process.cwd(), print: line(stdout), write: raw(stdout), tell: line(stderr) })
  .then(code => { process.exitCode = code; })
  .catch((error: Error) => {
    line(process.stderr)(error.stack ?? error.message);
    process.exitCode = 2;
  });
