import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { median } from './support/statistics';
import { bundleCli } from '../build-tools/bundle/cli';
import { Cell, table } from '../build-tools/table';
import { check } from '../cli/check/check';
import { readSources } from '../cli/check/read-sources';
import { CouldNotRun } from '../cli/system/could-not-run';

/**
 * `plumbline check` on templates of others, each by itself: `PLUMBLINE_TEMPLATES=<folder> npm run bench -- check-templates`. A file that
 * is no template is left out; one that the command cannot read is told, and a crash or a slow check is over the limit. With
 * `PLUMBLINE_FINDINGS=1` it prints what is found in each.
 */
const LIMIT_MS = 1_000;
const START_LIMIT_MS = 400;
const TEMPLATE = /\.(json|ya?ml|template)$/i;
const SHOWN = 5;

interface Checked {
  readonly file: string;
  readonly ms: number;
  readonly findings: string[];
  readonly resources: number;
  /** Why the command could not run, or how it crashed. */
  readonly refused?: string;
  readonly crash?: string;
}

interface Report { readonly findings: { readonly id: string; readonly severity: string }[]; readonly resources: number }

function checkFile(folder: string, file: string): Checked | undefined {
  const start = performance.now();
  const out: string[] = [];
  const checked = (rest: Partial<Checked>): Checked =>
    ({ file: relative(folder, file), ms: performance.now() - start, findings: [], resources: 0, ...rest });
  try {
    readSources([file], folder);
    check([file], { json: true }, '0.0.0', { cwd: folder, print: text => out.push(text), write: () => undefined, tell: () => undefined });
    const { findings, resources } = JSON.parse(out.join('\n')) as Report;
    return checked({ findings: findings.map(({ id }) => id), resources });
  } catch (error) {
    const { message, stack = message } = error as Error;
    if (!(error instanceof CouldNotRun)) return checked({ crash: stack });
    return message.includes('holds no CloudFormation template') ? undefined : checked({ refused: message });
  }
}

/** How long the command takes until it has said its version, the fastest of some. */
async function startMs(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-start-'));
  try {
    const file = join(folder, 'plumbline.js');
    await bundleCli(file);
    const times = Array.from({ length: 7 }, () => {
      const start = performance.now();
      spawnSync(process.execPath, [file, 'check', '--help']);
      return performance.now() - start;
    });
    return Math.min(...times);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function countsOf(ids: readonly string[]): Cell[][] {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one).map(([id, count]) => [id, count]);
}

async function main(): Promise<boolean> {
  const { PLUMBLINE_TEMPLATES } = process.env;
  if (!PLUMBLINE_TEMPLATES) {
    console.log('Name a folder of templates: PLUMBLINE_TEMPLATES=<folder> npm run bench -- check-templates');
    return true;
  }
  const folder = resolve(PLUMBLINE_TEMPLATES);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && TEMPLATE.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name));
  const all = files.map(file => checkFile(folder, file)).filter(checked => checked !== undefined);
  if (all.length === 0) throw new Error(`${folder} holds no template`);
  const [crashed, refused] = [all.filter(({ crash }) => crash), all.filter(({ refused: why }) => why)];
  const slowest = [...all].sort((one, other) => other.ms - one.ms).slice(0, SHOWN);
  const start = await startMs();
  console.log(table(['what', 'figure'], [
    ['templates', all.length],
    ['resources', all.reduce((sum, { resources }) => sum + resources, 0)],
    ['crashes', crashed.length],
    ['not readable', refused.length],
    ['median, ms', Number(median(all.map(({ ms }) => ms)).toFixed(1))],
    ['slowest, ms', Math.round(slowest[0]?.ms ?? 0)],
    ['start of the command, ms', Math.round(start)],
  ]));
  console.log(`\n${table(['slowest', 'ms'], slowest.map(({ file, ms }): Cell[] => [file, Math.round(ms)]))}`);
  console.log(`\n${table(['finding', 'times'], countsOf(all.flatMap(({ findings }) => findings)))}`);
  if (process.env.PLUMBLINE_FINDINGS) {
    for (const { file, findings } of all) if (findings.length > 0) console.log(`${file}: ${findings.join(', ')}`);
  }
  for (const { file, refused: why } of refused) console.log(`\nnot readable: ${file}: ${why}`);
  for (const { file, crash } of crashed) console.log(`\ncrash: ${file}\n${crash}`);
  return crashed.length === 0 && slowest.every(({ ms }) => ms <= LIMIT_MS) && start <= START_LIMIT_MS;
}

void main().then(isWithin => { process.exitCode = isWithin ? 0 : 1; });
