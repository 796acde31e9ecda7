import { CLOUDFORMATION, visitAlarm } from './alarm';
import { isDashboard, visitDashboard } from './dashboard';
import { visitBody, visitTemplate } from './template';
import { visitTerraform } from './terraform';
import { Visit } from './visit';
import { CouldNotRun } from '../../system/could-not-run';
import { lineAt } from '../../system/line-at';
import { NoJson, parseJson } from '../text/json-text';
import { fileLayer, member, Node } from '../text/node';
import { parseYaml } from '../text/yaml-text';

type VisitDocument = (visit: Visit, document: Node) => void;

/** How each kind of document is told, and what is done with it. The first that fits counts. */
const KINDS: readonly (readonly [(document: Node) => boolean, VisitDocument])[] = [
  [isDashboard, (visit, document) => visitDashboard(visit, document, '')],
  // What `aws cloudwatch get-dashboard` and `describe-alarms` answer.
  [document => member(document, 'DashboardBody') !== undefined, (visit, document) =>
    visitBody(visit, member(document, 'DashboardBody'), 'DashboardBody')],
  [document => member(document, 'MetricAlarms')?.kind === 'list', (visit, document) =>
    visitAlarm(visit, member(document, 'MetricAlarms')!, 'MetricAlarms', CLOUDFORMATION)],
  [document => member(document, 'Resources')?.kind === 'record', visitTemplate],
  [document => member(document, 'resource')?.kind === 'record', visitTerraform],
];

/** Goes through what a document reads of metrics. Undefined where it is none that has any. */
export function tryVisitorOf(document: Node): VisitDocument | undefined {
  return KINDS.find(([isKind]) => isKind(document))?.[1];
}

/** Errors: the text is neither JSON nor YAML. */
export function parseDocument(text: string, file: string): Node {
  const layer = fileLayer(text);
  try {
    return parseJson(layer);
  } catch (error) {
    if (error instanceof RangeError) throw new CouldNotRun(`${file} is nested too deep to be read`);
    if (!(error instanceof NoJson)) throw error;
    if (/^\ufeff?\s*[[{]/.test(text)) throw new CouldNotRun(`${file} is no JSON: ${lineAt(text, error.offset)}: ${error.message}`);
    return parseYaml(layer, file);
  }
}
