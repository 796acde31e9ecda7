import { existsSync, readFileSync } from 'fs';
import { resolve } from 'path';
import type { Asker } from './ask-account';
import { awsFault } from './aws-faults';
import { findChanges } from './changes';
import { SyncResult, syncText } from './report';
import { ModelsFile, MODELS_FILE, RegionModels } from '../../src/contract/models-file';
import { isRegion } from '../../src/contract/regions';
import { Console } from '../system/console';
import { CouldNotRun } from '../system/could-not-run';
import { shownPath } from '../system/shown-path';
import { writeWhole } from '../system/write-whole';

/** With the waits between, over half a minute. */
const ATTEMPTS = 8;

export interface SyncOptions {
  readonly region?: readonly string[];
  readonly profile?: string;
  readonly file?: string;
  readonly check?: boolean;
  readonly json?: boolean;
}

/** `plumbline models sync`: 0 when the file says what the account says, 1 when `--check` finds that it does not. */
export async function sync(options: SyncOptions, console: Console): Promise<number> {
  const { cwd, print, tell } = console;
  const file = resolve(cwd, options.file ?? MODELS_FILE);
  const shown = shownPath(file, cwd);
  const known = readModels(file, shown);
  const regions = await requireRegions(options, known);
  const answers = await ask(regions, options.profile, tell);
  const results = regions.map((region): SyncResult => {
    const before = known.tryRegion(region);
    const now = answers.get(region)!;
    return { region, isNew: before === undefined, ...now, changes: findChanges(before, now) };
  });
  if (!options.check) {
    // Whoever wrote the file meanwhile asked for other Regions, as a rule.
    writeWhole(file, readModels(file, shown).with(answers).toText());
  }
  const isWritten = !options.check;
  print(options.json ? JSON.stringify({ file: shown, written: isWritten, regions: results.map(jsonOf) }, null, 2)
    : syncText(results, shown, isWritten));
  return options.check && results.some(({ isNew, changes }) => isNew || changes.length > 0) ? 1 : 0;
}

/** The file as it is; one that cannot be read stays as it is, because what a person wrote there would be lost. */
function readModels(file: string, shown: string): ModelsFile {
  if (!existsSync(file)) return new ModelsFile(new Map());
  try {
    return ModelsFile.parse(readFileSync(file, 'utf8'), shown);
  } catch (error) {
    throw new CouldNotRun((error as Error).message);
  }
}

/** Those that were named; else those of the file; else that of the environment or the profile. */
async function requireRegions({ region: named = [], profile }: SyncOptions, known: ModelsFile): Promise<string[]> {
  const given = [...new Set(named.flatMap(text => text.split(',')).map(text => text.trim()))];
  const wrong = given.find(region => !isRegion(region));
  if (wrong !== undefined) throw new CouldNotRun(`"${wrong}" is no Region. Name each by its code: --region us-east-1 --region eu-west-1`);
  if (given.length > 0) return given.sort();
  if (known.regions.length > 0) return known.regions;
  const configured = await sdk().tryConfiguredRegion(profile);
  if (configured !== undefined) return [configured];
  throw new CouldNotRun('No Region is named. Name those that your stacks are in, and the fallback Region: --region us-east-1 us-west-2');
}

/** Every Region, one after the other: an account has few requests a second, and a fault in one leaves the file as it is. */
async function ask(regions: readonly string[], profile: string | undefined, tell: Console['tell']): Promise<Map<string, RegionModels>> {
  const { askAccount } = sdk();
  const answers = new Map<string, RegionModels>();
  for (const region of regions) {
    answers.set(region, await askAccount({ region, profile, day: today(), attempts: ATTEMPTS }, askerIn(region)));
    const { models, profiles } = answers.get(region)!;
    tell(`${region}: ${Object.keys(models).length} models, ${Object.keys(profiles).length} inference profiles`);
  }
  return answers;
}

/** Loaded when it is needed: the SDK is longer than the whole command. It warns of old versions of Node, and nobody can update it apart. */
function sdk(): typeof import('./ask-account') {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it together with this file
  return require('./ask-account') as typeof import('./ask-account');
}

function askerIn(region: string): Asker {
  return async (operation, request) => {
    try {
      return await request();
    } catch (error) {
      throw awsFault(error as Error, { operation, region, attempts: ATTEMPTS });
    }
  };
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function jsonOf({ region, account, syncedOn, models, profiles, isNew, changes }: SyncResult): object {
  return { region, account, syncedOn, models: Object.keys(models).length, profiles: Object.keys(profiles).length, isNew, changes };
}
