import { existsSync, statSync } from 'fs';
import { dirname, resolve } from 'path';
import { parseArgs } from 'util';
import { DemoError } from './system/demo-error';

export const HELP = `npm run demo -- [options]

Deploys examples/manga-assist to a local AWS on this machine, calls it, and replays the five incidents.
It needs Node and Python 3.11 or newer, and no AWS account: nothing leaves this machine, but for
the first run, which installs the local AWS from PyPI into .local-stage/.

  --platforms   in their place: deploys examples/text-platform and examples/image-platform, calls them, and makes a picture
  --out FILE    where that picture goes (default: picture.jpg in a new temporary folder, which the report names)
  --json        the report as JSON on standard output, progress on standard error
  --port N      the port of the local AWS on 127.0.0.1 (default: any free one)
  --help        this text

Exit code: 0 when everything came out as expected, 1 when not, 2 when the demo could not run.`;

export interface DemoOptions {
  readonly json: boolean;
  readonly help: boolean;
  /** Shows the two platforms in the place of the incidents. */
  readonly platforms: boolean;
  /** The file for the picture of the image platform. */
  readonly out?: string;
  readonly port?: number;
}

const LAST_PORT = 65_535;

/** Reads the command line; an error says what is allowed. */
export function parseOptions(args: readonly string[]): DemoOptions {
  const { json = false, help = false, platforms = false, out, port } = parsed(args);
  return {
    json,
    help,
    platforms,
    ...(out !== undefined && { out: pictureFile(out, platforms) }),
    ...(port !== undefined && { port: portNumber(port) }),
  };
}

function parsed(args: readonly string[]): { json?: boolean; help?: boolean; platforms?: boolean; out?: string; port?: string } {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        platforms: { type: 'boolean' },
        out: { type: 'string' },
        port: { type: 'string' },
      },
    }).values;
  } catch (error) {
    const [problem] = (error as Error).message.split('. ');
    throw new DemoError(`${problem}.`, 'Allowed: --json, --platforms, --out FILE, --port N, --help.');
  }
}

/** Looked at before a minute of work, at whose end it would be too late. */
function pictureFile(text: string, platforms: boolean): string {
  if (!platforms) throw new DemoError('--out is for the picture, which only --platforms makes.', 'Add --platforms, or leave --out out.');
  const file = resolve(text);
  if (text === '' || statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new DemoError(`--out "${text}" is no file.`, 'Name one, for example --out picture.jpg.');
  }
  if (!existsSync(dirname(file))) throw new DemoError(`--out "${text}": there is no folder ${dirname(file)}.`, 'Make it first.');
  return file;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > LAST_PORT) {
    throw new DemoError(`--port "${text}" is not a port.`, `Give a whole number from 1 to ${LAST_PORT}, for example --port 4566.`);
  }
  return port;
}
