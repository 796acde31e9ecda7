import { spawnSync } from 'child_process';
import { existsSync, mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { basename, dirname, join, resolve } from 'path';
import { applyChanges, FileChange, tryTextOf, UNDO_FILE, undoChanges } from './changes';
import { editDependencies, isInDependencies, PACKAGE } from './edit-dependencies';
import { editPython, pythonLines } from './edit-python';
import { editTypeScript, typeScriptLines } from './edit-typescript';
import { findApp, FoundApp } from './find-app';
import { StandardLines } from './source-edit';
import { Baseline, BASELINE_FILE } from '../../src/contract/baseline';
import { findIn } from '../check/find';
import { readSources } from '../check/read-sources';
import { Console } from '../system/console';
import { CouldNotRun } from '../system/could-not-run';
import { shownPath } from '../system/shown-path';
import { unifiedDiff } from '../system/unified-diff';

export interface InitOptions {
  readonly product?: string;
  readonly environment?: string;
  readonly baseline?: boolean | string;
  readonly yes?: boolean;
  readonly undo?: boolean;
  readonly json?: boolean;
}

/** Asks a person; undefined where nobody is there to answer. */
export type Ask = (question: string) => Promise<boolean | undefined>;

/** What a run needs besides what was asked for. */
interface Surroundings {
  readonly version: string;
  readonly console: Console;
  readonly ask: Ask;
}

const NAME_PART = /^[A-Za-z][\w.-]{0,63}$/;
const DEPENDENCIES = { typescript: ['package.json'], python: ['requirements.txt', 'pyproject.toml', 'setup.py', 'Pipfile'] } as const;

/** `plumbline init`: 0 when the app has the standard, 1 when nobody agreed to the changes. */
export async function init(options: InitOptions, { version, console, ask }: Surroundings): Promise<number> {
  const { cwd, print, tell } = console;
  if (options.undo) {
    const files = undoChanges(cwd);
    print(options.json ? JSON.stringify({ undone: files }) : `As before: ${files.join(', ')}.`);
    return 0;
  }
  const app = findApp(cwd, tryTextOf(join(cwd, 'cdk.json')));
  const entry = tryTextOf(join(cwd, app.entry))!;
  if (/cdk[-_]plumbline/.test(entry) && /\bStandards\s*\.\s*apply\s*\(/.test(entry)) {
    print(options.json ? JSON.stringify({ ...app, files: [], applied: false }) : `${app.entry} has Standards already: nothing is changed.`);
    return 0;
  }
  if (existsSync(join(cwd, UNDO_FILE))) throw new CouldNotRun(`${UNDO_FILE} is here: undo first (plumbline init --undo), or delete it.`);
  const changes = changesFor(app, entry, { options, version, cwd });
  const diffs = changes.map(({ file, before, after }) => ({ file, diff: diffOf(file, before, after) }));
  if (!options.json) print(diffs.map(({ diff }) => diff).join('\n'));
  const agreed = options.yes === true || (!options.json && await ask('Apply these changes?') === true);
  if (agreed) applyChanges(cwd, changes);
  if (options.json) print(JSON.stringify({ ...app, files: diffs, applied: agreed }, null, 2));
  tell(agreed ? nextSteps(app) : 'Nothing is changed. Apply it with: plumbline init --yes');
  return agreed ? 0 : 1;
}

/** As `git apply` takes it. */
function diffOf(file: string, before: string | undefined, after: string): string {
  return unifiedDiff({ name: `a/${file}`, text: before }, { name: `b/${file}`, text: after }).replace(/\n$/, '');
}

/** What the proposal is made from. */
interface Proposal {
  readonly options: InitOptions;
  readonly version: string;
  readonly cwd: string;
}

function changesFor(app: FoundApp, entry: string, proposal: Proposal): FileChange[] {
  const standard = standardOf(proposal);
  const edited = app.language === 'python' ? editPython(entry, standard) : editTypeScript(entry, standard);
  if ('refused' in edited) {
    const lines = app.language === 'python' ? pythonLines(standard) : typeScriptLines(standard);
    throw new CouldNotRun(`${app.entry} cannot be edited by a program: ${edited.refused}.\n` +
      `Add ${PACKAGE} to the dependencies, and by hand, the second line after the App is made:\n\n${lines.join('\n')}`);
  }
  return [
    ...dependencyChange(app, proposal),
    { file: app.entry, before: entry, after: edited.text },
    ...proposal.options.baseline ? [baselineChange(proposal)] : [],
  ];
}

function standardOf({ options, cwd }: Proposal): StandardLines {
  const { product = productOf(cwd), environment = 'dev' } = options;
  for (const [name, value] of Object.entries({ product, environment })) {
    if (!NAME_PART.test(value)) {
      throw new CouldNotRun(`--${name} is ${JSON.stringify(value)}: letters, digits, ".", "_" and "-", a letter first, at most 64.`);
    }
  }
  return { product, environment };
}

/** The name of the folder, as a product is written: `book-shop` → `BookShop`. */
function productOf(cwd: string): string {
  const words = basename(cwd).split(/[^A-Za-z0-9]+/).filter(Boolean);
  return words.map(word => word[0].toUpperCase() + word.slice(1)).join('').replace(/^\d+/, '').slice(0, 64) || 'Product';
}

/** The nearest file that names aws-cdk-lib: in a monorepo it may stand further up. */
function dependencyChange({ language, entry }: FoundApp, { version, cwd }: Proposal): FileChange[] {
  for (let folder = cwd; ; folder = dirname(folder)) {
    for (const name of DEPENDENCIES[language]) {
      const path = join(folder, name);
      const before = tryTextOf(path);
      if (before === undefined) continue;
      if (isInDependencies(before)) return [];
      const after = editDependencies(name, before, version);
      if (after !== undefined) return [{ file: shownPath(path, cwd), before, after }];
    }
    if (dirname(folder) === folder || existsSync(join(folder, '.git'))) break;
  }
  throw new CouldNotRun(`No ${DEPENDENCIES[language].join(', ')} names aws-cdk-lib in a form that can be edited.\n` +
    `Add ${PACKAGE} ${version} to the dependencies of ${entry} by hand, and run plumbline init again.`);
}

/** What is found in the app as it is. */
function baselineChange({ options, cwd }: Proposal): FileChange {
  const before = tryTextOf(join(cwd, BASELINE_FILE));
  const baselineOf = (assembly: string): FileChange => {
    const found = findIn(readSources([assembly], cwd), cwd).filter(({ severity }) => severity === 'error');
    return { file: BASELINE_FILE, ...before !== undefined && { before }, after: new Baseline(found).toText() };
  };
  if (typeof options.baseline === 'string') return baselineOf(resolve(cwd, options.baseline));
  const output = mkdtempSync(join(tmpdir(), 'plumbline-init-'));
  try {
    const command = `npx cdk synth --quiet --output "${output}"`;
    const { status } = spawnSync(command, { cwd, shell: true, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new CouldNotRun('The app does not synthesise. Mend it, or leave --baseline out.');
    return baselineOf(output);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

function nextSteps({ language }: FoundApp): string {
  const install = language === 'python' ? 'install the requirements anew' : 'npm install';
  return `Done. Next: ${install}, then npx cdk synth.\n` +
    `${UNDO_FILE} is for plumbline init --undo: delete it when all is well, and keep it out of Git.`;
}
