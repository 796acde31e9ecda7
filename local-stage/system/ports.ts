import { createServer } from 'net';
import { DemoError } from './demo-error';

export const LOOPBACK = '127.0.0.1';

/** The port that was asked for, when it is free; without a wish any free one. */
export async function freePort(wanted?: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', error => reject(portError(error as NodeJS.ErrnoException, wanted)));
    server.listen({ port: wanted ?? 0, host: LOOPBACK }, () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

function portError(error: NodeJS.ErrnoException, wanted?: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new DemoError(
        `Port ${wanted} on ${LOOPBACK} is in use.`,
        'Name another one with --port, or leave --port out for any free one.',
      );
    case 'EACCES':
      return new DemoError(
        `Port ${wanted} may not be used by this user.`,
        'Name one above 1023 with --port, or leave --port out for any free one.',
      );
    default:
      return error;
  }
}
