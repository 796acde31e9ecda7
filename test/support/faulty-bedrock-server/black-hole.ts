import * as net from 'node:net';
import { Worker } from 'node:worker_threads';

export interface BlackHole {
  readonly port: number;
  stop(): Promise<void>;
}

/** Listens and never accepts: the loop that would accept is blocked. */
const WORKER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => {
      Atomics.wait(new Int32Array(workerData.stopped), 0, 0, workerData.lifetimeMs);
      process.exit(0);
    });
  });
`;
const MAX_FILLERS = 8;
/** Loopback connects in far less; longer means that the queue is full. */
const FULL_AFTER_MS = 300;

/** A port on loopback where a SYN gets no answer: the queue of a server that does not accept is full. */
export async function blackHole(lifetimeMs: number): Promise<BlackHole> {
  const stopped = new SharedArrayBuffer(4);
  const worker = new Worker(WORKER, { eval: true, workerData: { stopped, lifetimeMs } });
  const ended = new Promise<void>(resolve => worker.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  worker.unref();
  const fillers = await fillQueue(port);
  return {
    port,
    async stop() {
      fillers.forEach(socket => socket.destroy());
      worker.ref();
      Atomics.store(new Int32Array(stopped), 0, 1);
      Atomics.notify(new Int32Array(stopped), 0);
      await ended;
    },
  };
}

async function fillQueue(port: number): Promise<net.Socket[]> {
  const fillers: net.Socket[] = [];
  for (let full = false; !full && fillers.length < MAX_FILLERS;) {
    const filler = net.connect(port, '127.0.0.1').on('error', () => undefined).unref();
    fillers.push(filler);
    full = await new Promise<boolean>(resolve => {
      const timer = setTimeout(resolve, FULL_AFTER_MS, true);
      filler.once('connect', () => {
        clearTimeout(timer);
        resolve(false);
      });
    });
  }
  return fillers;
}
