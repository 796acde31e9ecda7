import { isRecord, JsonRecord } from '../../src/contract/template/template-values';

/** What was counted, and of which text; a fault is a sentence without its full stop. */
export type CountedResult =
  | { readonly passed: unknown; readonly failed: unknown; readonly total?: unknown; readonly tested: unknown; readonly suite?: unknown }
  | { readonly fault: string };

/** The tag of a promptfoo configuration that says which text it tests. */
export const HASH_TAG = 'plumbline_template_hash';

/** With the last form came `results.prompts`; before it they stood in `results.table.head`. */
const LAST_VERSION = 3;

/** Whether it is what `promptfoo eval --output result.json` writes. */
export function isPromptfoo(value: JsonRecord): boolean {
  return 'results' in value && ('config' in value || 'evalId' in value || isRecord(value.results));
}

/** Counts what promptfoo wrote. Errors count as failed; whatever is not one whole run of one prompt is a fault. */
export function countedPromptfoo({ results, config }: JsonRecord): CountedResult {
  if (!isRecord(results) || !isRecord(results.stats) || !Array.isArray(results.results)) {
    return { fault: 'it lacks "results.results" or "results.stats" of promptfoo\'s output: it is half-written, or of another tool' };
  }
  const { version, stats, results: cases } = results;
  if (!Number.isInteger(version) || (version as number) < 1 || (version as number) > LAST_VERSION) {
    return { fault: `"results.version" is ${shown(version)}; promptfoo's output is read in the versions 1 to ${LAST_VERSION}` };
  }
  const { successes, failures, errors } = stats;
  const wrong = Object.entries({ successes, failures, errors }).find(([, count]) => !isCount(count));
  if (wrong) return { fault: `"results.stats.${wrong[0]}" is ${shown(wrong[1])}; it has to be a whole number, 0 or more` };
  const [passed, failed] = [successes as number, (failures as number) + (errors as number)];
  const won = cases.filter(one => isRecord(one) && one.success === true).length;
  if (cases.length !== passed + failed || won !== passed) {
    return {
      fault: `it counts ${passed} passed of ${passed + failed} cases and lists ${won} passed of ${cases.length}: `
      + 'it is of a run that was cut off, or somebody edited it',
    };
  }
  const texts = promptTexts(results);
  if (texts.size > 1) return { fault: `it compares ${texts.size} prompts: a result is that of one. Name one prompt in its configuration` };
  const filter = filterOf(config);
  if (filter !== undefined) return { fault: `it ran a part of the cases: its configuration has "commandLineOptions.${filter}"` };
  return { passed, failed, tested: isRecord(config) && isRecord(config.tags) ? config.tags[HASH_TAG] : undefined };
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function shown(value: unknown): string {
  return value === undefined ? 'not there' : JSON.stringify(value).slice(0, 100);
}

/** One prompt with two providers is listed twice. */
function promptTexts({ prompts, table }: JsonRecord): Set<string> {
  const head = isRecord(table) && isRecord(table.head) ? table.head.prompts : undefined;
  const listed = [prompts, head].find(Array.isArray) ?? [];
  return new Set(listed.map(prompt => JSON.stringify(isRecord(prompt) ? prompt.raw ?? prompt.label : prompt)));
}

function filterOf(config: unknown): string | undefined {
  const options = isRecord(config) && isRecord(config.commandLineOptions) ? config.commandLineOptions : {};
  // What narrows prompts or providers leaves every case of the others.
  return Object.keys(options).find(name => /^filter(?!Prompts|Providers|Targets)/.test(name) && options[name] != null);
}
