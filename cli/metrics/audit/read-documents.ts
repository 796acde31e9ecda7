import { readFileSync } from 'fs';
import { Inventory } from './inventory';
import { CouldNotRun } from '../../system/could-not-run';
import { filesAt } from '../../system/files-at';
import { placeAt } from '../../system/line-at';
import { shownPath } from '../../system/shown-path';
import { Unread } from '../code/read-code';
import { parseDocument, tryVisitorOf } from '../references/document';
import { shown, Visit } from '../references/visit';

const DOCUMENT = /\.(json|ya?ml|template)$/i;
/** A file without any of these words reads no metric. */
const WORDS = /widgets|MetricName|metric_name|DashboardBody|dashboard_body|MetricAlarms/;

/** What was found beside metrics. */
interface DocumentsRead {
  readonly files: number;
  readonly unread: readonly Unread[];
}

/** Takes the metrics that dashboards, alarms and templates read into the inventory. */
export function readDocuments(paths: readonly string[], cwd: string, inventory: Inventory): DocumentsRead {
  const unread: Unread[] = [];
  let files = 0;
  for (const path of filesAt(paths, cwd, DOCUMENT).filter(file => DOCUMENT.test(file))) {
    const file = shownPath(path, cwd);
    try {
      const text = readFileSync(path, 'utf8');
      const found = WORDS.test(text) ? tryTake(text, file, inventory) : undefined;
      if (!found) continue;
      files++;
      unread.push(...found);
    } catch (error) {
      if (!(error instanceof CouldNotRun)) throw error;
      // Whatever else is JSON or YAML in a repository need not be sound.
      unread.push({ file, line: 1, column: 1, why: error.message });
    }
  }
  return { files, unread };
}

/**
 * Takes the metrics of one document; the answer is what could not be read, or undefined where it is no document that reads metrics.
 *
 * Errors: the text is neither JSON nor YAML.
 */
export function tryTake(text: string, file: string, inventory: Inventory): Unread[] | undefined {
  const document = parseDocument(text, file);
  const visitDocument = tryVisitorOf(document);
  if (!visitDocument) return undefined;
  const visit = new Visit(inventory.recorder(file));
  visitDocument(visit, document);
  return visit.left.map(({ at, path, why }) => ({ file, ...placeAt(text, at), why: `${path}: ${shown(why)}` }));
}
