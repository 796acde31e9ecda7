import { run } from './program';

const line = (stream: NodeJS.WriteStream) => (text: string): void => { stream.write(`${text}\n`); };

/* A pipe that is closed early, as by `head`, ends the command quietly. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

run(process.argv.slice(2), { cwd: process.cwd(), print: line(process.stdout), tell: line(process.stderr) })
  .then(code => { process.exitCode = code; })
  .catch((error: Error) => {
    line(process.stderr)(error.stack ?? error.message);
    process.exitCode = 2;
  });
