import { teachingText } from './teaching-error';

/** Where the baseline of an app stands unless it is told otherwise: beside cdk.json. */
export const BASELINE_FILE = 'plumbline-baseline.json';

/** One finding that was there when the baseline was written. */
export interface BaselineEntry {
  /** The finding's id, with what was found. */
  readonly id: string;
  /** The path of the stack, or the name of the template's file. */
  readonly template: string;
  /** The logical id of the resource. */
  readonly resource: string;
}

/** The findings that are known, and how many of each are still there. */
export class Baseline {
  /** Reads the text of a baseline file. Errors: it is none. */
  public static parse(text: string, where: string): Baseline {
    const content = tryJson(text);
    const entries = isRecord(content) && content.version === VERSION && Array.isArray(content.findings) ? content.findings : undefined;
    if (entries?.every(isEntry)) return new Baseline(entries);
    throw new Error(teachingText(where, {
      problem: 'The file is no baseline of this version of the library',
      given: text.slice(0, 80),
      allowed: `{ "version": ${VERSION}, "findings": [{ "id", "template", "resource" }, …] }`,
      fix: 'write it anew: plumbline check <cdk.out> --write-baseline',
    }));
  }

  private readonly keys: ReadonlySet<string>;

  constructor(private readonly entries: readonly BaselineEntry[]) {
    this.keys = new Set(entries.map(keyOf));
  }

  /** Whether a finding was there already. */
  public knows(finding: BaselineEntry): boolean {
    return this.keys.has(keyOf(finding));
  }

  /** Those that are found no more, among the templates that were looked at. */
  public findMended(findings: readonly BaselineEntry[], templates: readonly string[]): BaselineEntry[] {
    const found = new Set(findings.map(keyOf));
    return this.entries.filter(entry => templates.includes(entry.template) && !found.has(keyOf(entry)));
  }

  /** The same without these. */
  public without(entries: readonly BaselineEntry[]): Baseline {
    const removed = new Set(entries.map(keyOf));
    return new Baseline(this.entries.filter(entry => !removed.has(keyOf(entry))));
  }

  /** The text of the file: one line an entry, always in one order, so that a change reads well in Git. */
  public toText(): string {
    const byKey = new Map(this.entries.map(entry => [keyOf(entry), entry]));
    const lines = [...byKey.keys()].sort().map(key => byKey.get(key)!)
      .map(({ id, template, resource }) => `    ${JSON.stringify({ id, template, resource })}`);
    return `{\n  "version": ${VERSION},\n  "findings": [${lines.length > 0 ? `\n${lines.join(',\n')}\n  ` : ''}]\n}\n`;
  }
}

const VERSION = 1;

function keyOf({ id, template, resource }: BaselineEntry): string {
  return JSON.stringify([template, resource, id]);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isEntry(value: unknown): value is BaselineEntry {
  return isRecord(value) && ['id', 'template', 'resource'].every(key => typeof value[key] === 'string');
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
