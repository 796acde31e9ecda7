import { existsSync, readFileSync } from 'fs';
import { resolve } from 'path';
import { findChanges } from './changes';
import { SyncResult, syncText } from './report';
import { ModelsFile, MODELS_FILE, RegionModels } from '../../src/contract/models-file';
import { ATTEMPTS, askerOf, namedRegions, sdk } from '../aws/sdk';
import { Console } from '../system/console';
import { CouldNotRun } from '../system/could-not-run';
import { shownPath } from '../system/shown-path';
import { writeWhole } from '../system/write-whole';

const BEDROCK = { name: 'Bedrock', prefix: 'bedrock', needs: ['ListInferenceProfiles', 'GetInferenceProfile', 'ListFoundationModels'] };

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
async function requireRegions({ region: named, profile }: SyncOptions, known: ModelsFile): Promise<string[]> {
  const given = namedRegions(named);
  if (given.length > 0) return given;
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
    answers.set(region, await askAccount({ region, profile, day: today(), attempts: ATTEMPTS }, askerOf({ region, service: BEDROCK })));
    const { models, profiles } = answers.get(region)!;
    tell(`${region}: ${Object.keys(models).length} models, ${Object.keys(profiles).length} inference profiles`);
  }
  return answers;
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function jsonOf({ region, account, syncedOn, models, profiles, isNew, changes }: SyncResult): object {
  return { region, account, syncedOn, models: Object.keys(models).length, profiles: Object.keys(profiles).length, isNew, changes };
}
