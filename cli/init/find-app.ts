import { existsSync, readdirSync } from 'fs';
import { join } from 'path';
import { isRecord } from '../../src/contract/template/template-values';
import { CouldNotRun } from '../system/could-not-run';

export type Language = 'typescript' | 'python';

/** The app of a folder: the file that makes it, and those that may name its packages, from the folder upwards. */
export interface FoundApp {
  readonly language: Language;
  readonly entry: string;
}

const OTHERS: readonly [pattern: RegExp, language: string][] = [
  [/\bmvn\b|\bgradlew?\b|\bjava\b/, 'Java'], [/\bgo\s+(?:mod|run)\b/, 'Go'], [/\bdotnet\b/, 'C#'],
];
const EDITED = 'plumbline init edits apps in TypeScript, JavaScript and Python.';
const SKIPPED = /^(node_modules|cdk\.out|dist|\..*)$/;

/** The app that the folder's cdk.json starts. Errors: there is none, or in a language that `init` does not edit. */
export function findApp(folder: string, text: string | undefined): FoundApp {
  if (text === undefined) throw new CouldNotRun(noCdkJson(folder));
  const command = commandOf(text);
  const other = OTHERS.find(([pattern]) => pattern.test(command))?.[1];
  if (other) throw new CouldNotRun(`The app of cdk.json is written in ${other}. ${EDITED}`);
  const words = command.split(/[\s'"]+/).filter(Boolean);
  for (const word of words.reverse()) {
    const file = sourceOf(folder, word, words);
    if (file) return { language: file.endsWith('.py') ? 'python' : 'typescript', entry: file };
  }
  throw new CouldNotRun(`The app of cdk.json, ${JSON.stringify(command)}, names no file that is there. ${EDITED}`);
}

function commandOf(text: string): string {
  try {
    const content: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    const app = isRecord(content) ? content.app : undefined;
    if (typeof app === 'string' && app.trim() !== '') return app;
    if (Array.isArray(app)) return app.join(' ');
  } catch (error) {
    throw new CouldNotRun(`cdk.json is no JSON: ${(error as Error).message}`);
  }
  throw new CouldNotRun('cdk.json has no "app": the command that starts the app, for example "npx tsx bin/app.ts".');
}

/** The source that a word of the command means: a file, a compiled file beside its source, a module behind `-m`. */
function sourceOf(folder: string, word: string, reversed: readonly string[]): string | undefined {
  const path = word.replaceAll('\\', '/').replace(/^\.\//, '');
  const there = (file: string): string | undefined => (existsSync(join(folder, file)) ? file : undefined);
  if (/\.[mc]?jsx?$/.test(path)) return there(path.replace(/js(x?)$/, 'ts$1')) ?? there(path);
  if (/\.([mc]?tsx?|py)$/.test(path)) return there(path);
  if (reversed[reversed.indexOf(word) + 1] !== '-m') return ['.ts', '.mts', '.js', '.mjs'].map(end => there(`${path}${end}`)).find(Boolean);
  const module = path.replaceAll('.', '/');
  return there(`${module}.py`) ?? there(`${module}/__main__.py`);
}

function noCdkJson(folder: string): string {
  const apps = foldersWithApp(folder, '', 3);
  const further = apps.length > 0 ? `Run it in one of: ${apps.join(', ')}.` : 'Run it in the folder of a CDK app.';
  return `There is no cdk.json here. ${further}`;
}

function foldersWithApp(folder: string, path: string, depth: number): string[] {
  if (depth === 0) return [];
  return readdirSync(join(folder, path), { withFileTypes: true })
    .filter(entry => entry.isDirectory() && !SKIPPED.test(entry.name))
    .flatMap(({ name }) => {
      const below = path ? `${path}/${name}` : name;
      return existsSync(join(folder, below, 'cdk.json')) ? [below] : foldersWithApp(folder, below, depth - 1);
    });
}
