import { JsonText } from './json-text';
import { isRegion } from './regions';
import { teachingText } from './teaching-error';

/** Where an app keeps what its account says of models, unless it is told otherwise: beside cdk.json. */
export const MODELS_FILE = 'plumbline.models.json';

/** After so many days a Region should be asked again: AWS gives a model half a year from legacy to its end. */
export const MODELS_MAX_AGE_DAYS = 90;

/** What the account says of a foundation model; each date is a day, as in `2026-09-10`. */
export interface AccountModel {
  /** `ACTIVE` or `LEGACY`, or what AWS calls it by then. */
  readonly status: string;
  readonly legacy?: string;
  /** From this day on a legacy model costs more. */
  readonly extendedAccess?: string;
  readonly endOfLife?: string;
}

/** What an account says of the models of a Region. */
export interface RegionModels {
  /** The account that was asked: another one may have other models. */
  readonly account?: string;
  /** The day on which it was asked. */
  readonly syncedOn: string;
  /** The foundation models, by id. */
  readonly models: Readonly<Record<string, AccountModel>>;
  /** The Regions to which requests are routed that name a system-defined inference profile here, by its id. */
  readonly profiles: Readonly<Record<string, readonly string[]>>;
}

/** What an account says of its models, by Region. */
export class ModelsFile {
  /** Reads the text of such a file. Errors: it is none, with the line. */
  public static parse(text: string, where: string): ModelsFile {
    const read = JsonText.read(text);
    if (!(read instanceof JsonText)) throw unreadable(text, where, read.line, `The file is no JSON: ${read.problem}`);
    const fault = findFault(read.value);
    if (fault?.teach) throw fault.teach(where);
    if (fault) throw unreadable(text, where, read.lineOf(fault.path), fault.problem);
    const { regions } = read.value as { readonly regions: Record<string, RegionModels> };
    return new ModelsFile(new Map(Object.entries(regions)));
  }

  constructor(private readonly byRegion: ReadonlyMap<string, RegionModels>) {}

  /** The Regions that were asked, sorted. */
  public get regions(): string[] {
    return [...this.byRegion.keys()].sort();
  }

  /** What is known of a Region; undefined when it was not asked. */
  public tryRegion(region: string): RegionModels | undefined {
    return this.byRegion.get(region);
  }

  /** The same, with these Regions asked again. */
  public with(regions: ReadonlyMap<string, RegionModels>): ModelsFile {
    return new ModelsFile(new Map([...this.byRegion, ...regions]));
  }

  /** The text of the file: one line a model and a profile, always in one order, so that a change reads well in Git. */
  public toText(): string {
    const regions = this.regions.map(region => `    ${JSON.stringify(region)}: ${regionText(this.byRegion.get(region)!)}`);
    return `{\n  "version": ${VERSION},\n  "regions": {${block(regions, '  ')}}\n}\n`;
  }
}

const VERSION = 1;
const DAY = /^20\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

function regionText({ account, syncedOn, models, profiles }: RegionModels): string {
  const lines = [
    ...account === undefined ? [] : [`      "account": ${JSON.stringify(account)}`],
    `      "syncedOn": ${JSON.stringify(syncedOn)}`,
    `      "models": ${mapText(models, inOrder)}`,
    `      "profiles": ${mapText(profiles, regions => [...regions].sort())}`,
  ];
  return `{${block(lines, '    ')}}`;
}

function inOrder({ status, legacy, extendedAccess, endOfLife }: AccountModel): AccountModel {
  return { status, legacy, extendedAccess, endOfLife };
}

function mapText<T>(map: Readonly<Record<string, T>>, shown: (value: T) => unknown): string {
  const lines = Object.keys(map).sort().map(key => `        ${JSON.stringify(key)}: ${lineText(shown(map[key]))}`);
  return `{${block(lines, '      ')}}`;
}

/** JSON on one line, with the blanks that a person would write. */
function lineText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(item => JSON.stringify(item)).join(', ')}]`;
  const entries = Object.entries(value as object).filter(([, inner]) => inner !== undefined);
  return `{ ${entries.map(([key, inner]) => `${JSON.stringify(key)}: ${JSON.stringify(inner)}`).join(', ')} }`;
}

function block(lines: readonly string[], indent: string): string {
  return lines.length === 0 ? '' : `\n${lines.join(',\n')}\n${indent}`;
}

interface Fault {
  readonly path: readonly (string | number)[];
  readonly problem: string;
  readonly teach?: (where: string) => Error;
}

function unreadable(file: string, where: string, line: number, problem: string): Error {
  return new Error(teachingText(`${where}, line ${line}`, {
    problem,
    given: file.split('\n')[line - 1].trim().slice(0, 120),
    allowed: 'what `plumbline models sync` writes',
    fix: 'mend the line, or take the file back from Git; or delete it and ask your account again: plumbline models sync --region <region>',
  }));
}

function newer(given: unknown): (where: string) => Error {
  return where => new Error(teachingText(where, {
    problem: 'The file was written by a newer version of cdk-plumbline',
    given: { version: given },
    allowed: `version ${VERSION}`,
    fix: 'update cdk-plumbline, in the app and where the command runs',
  }));
}

type Check = (value: unknown, path: readonly (string | number)[]) => Fault | undefined;

const text = (form: RegExp, shown: string): Check => (value, path) =>
  (typeof value === 'string' && form.test(value) ? undefined : { path, problem: `${placeOf(path)} is not ${shown}` });

const day = text(DAY, 'a day as in "2026-11-27"');
const region: Check = (value, path) =>
  (typeof value === 'string' && isRegion(value) ? undefined : { path, problem: `${placeOf(path)} is no Region's code` });

const list = (item: Check): Check => (value, path) => {
  if (!Array.isArray(value)) return { path, problem: `${placeOf(path)} is no list` };
  return first(value.map((entry, index) => () => item(entry, [...path, index])));
};

const map = (key: Check, item: Check): Check => (value, path) => {
  if (!isRecord(value)) return { path, problem: `${placeOf(path)} is no object` };
  return first(Object.entries(value).map(([name, inner]) => () => key(name, [...path, name]) ?? item(inner, [...path, name])));
};

/** An object of these keys; `?` stands behind those that may be absent. */
const struct = (shape: Readonly<Record<string, Check>>): Check => (value, path) => {
  if (!isRecord(value)) return { path, problem: `${placeOf(path)} is no object` };
  const unknown = Object.keys(value).find(key => !Object.hasOwn(shape, key) && !Object.hasOwn(shape, `${key}?`));
  if (unknown !== undefined) return { path: [...path, unknown], problem: `"${unknown}" stands in ${placeOf(path)}, and nothing reads it` };
  return first(Object.entries(shape).map(([name, check]) => () => {
    const key = name.replace(/\?$/, '');
    if (Object.hasOwn(value, key)) return check(value[key], [...path, key]);
    return name === key ? { path, problem: `"${key}" is missing in ${placeOf(path)}` } : undefined;
  }));
};

const MODEL_ID = text(/^[a-z0-9]+\.[a-z0-9][a-z0-9.:_-]*$/, 'the id of a model');
const PROFILE_ID = text(/^[a-z]+(-[a-z]+)*\.[a-z0-9]+\.[a-z0-9][a-z0-9.:_-]*$/, 'the id of a system-defined inference profile');
const MODEL = struct({ 'status': text(/^[A-Z_]+$/, 'a state as in "ACTIVE"'), 'legacy?': day, 'extendedAccess?': day, 'endOfLife?': day });

const FILE = struct({
  '$schema?': text(/./, 'a text'),
  'version': (value, path) => (value === VERSION ? undefined : { path, problem: 'the version is none' }),
  'regions': map(region, struct({
    'account?': text(/^\d{12}$/, 'an account, 12 digits'),
    'syncedOn': day,
    'models': map(MODEL_ID, MODEL),
    'profiles': map(PROFILE_ID, list(region)),
  })),
});

function findFault(value: unknown): Fault | undefined {
  const version = isRecord(value) ? value.version ?? VERSION : VERSION;
  if (typeof version === 'number' && version > VERSION) return { path: [], problem: '', teach: newer(version) };
  if (version !== VERSION) return { path: ['version'], problem: `the version is not ${VERSION}` };
  return FILE(value, []);
}

function first(checks: readonly (() => Fault | undefined)[]): Fault | undefined {
  for (const check of checks) {
    const fault = check();
    if (fault) return fault;
  }
  return undefined;
}

function placeOf(path: readonly (string | number)[]): string {
  return path.length === 0 ? 'the file' : path.map(String).join(' → ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
