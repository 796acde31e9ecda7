import { readRows, shorthandOf, visitMetricRows } from './metric-rows';
import { visitSearch } from './search-expression';
import { Renames, Visit } from './visit';
import { parseJson } from '../text/json-text';
import { entriesOf, itemsOf, Layer, member, Node } from '../text/node';

/** What a widget computes with and shows: nothing of it is the name of a metric. */
const NO_NAMES = new Set(['type', 'view', 'region', 'stat', 'period', 'endpoint', 'accountId', 'id', 'color', 'start', 'end', 'alarms']);
/** What people read. Any other text may be what a widget works with. */
const FOR_PEOPLE = new Set(['title', 'label', 'markdown', 'query']);

/** Whether a value is the body of a dashboard. */
export function isDashboard(node: Node): boolean {
  return member(node, 'widgets')?.kind === 'list';
}

/** Renames in a body that stands in a text. Errors: NoJson. */
export function visitDashboardText(visit: Visit, layer: Layer, path: string): void {
  visitDashboard(visit, parseJson(layer), path);
}

/** Renames in the widgets and variables of a dashboard. */
export function visitDashboard(visit: Visit, body: Node, path: string): void {
  const own = new Visit(visit.renames, shorthandIn(body, visit.renames));
  for (const [index, widget] of itemsOf(member(body, 'widgets')).entries()) visitWidget(own, widget, `${path}widgets[${index}]`);
  for (const [index, variable] of itemsOf(member(body, 'variables')).entries()) visitVariable(own, variable, `${path}variables[${index}]`);
  visitMentions(own, body, path);
  visit.edits.push(...own.edits);
  visit.left.push(...own.left);
}

/** How rows repeat in this dashboard, for the widgets that do not tell. */
function shorthandIn(body: Node, renames: Renames): boolean | undefined {
  const told = itemsOf(member(body, 'widgets')).map(widget => shorthandOf(readRows(new Visit(renames), metricsOf(widget), '')));
  return told.some(Boolean) || (told.includes(false) ? false : undefined);
}

function metricsOf(widget: Node): Node | undefined {
  return member(member(widget, 'properties'), 'metrics');
}

function visitWidget(visit: Visit, widget: Node, path: string): void {
  const metrics = metricsOf(widget);
  // An explorer's metrics are records, and name types of resources instead of namespaces.
  if (itemsOf(metrics).some(row => row.kind === 'list')) visitMetricRows(visit, metrics, `${path}.properties.metrics`);
}

/** A variable may find its values by a search: the inner part of one. */
function visitVariable(visit: Visit, variable: Node, path: string): void {
  const search = member(variable, 'search');
  if (search?.kind === 'text') {
    visit.knows(search);
    visitSearch(visit, search.layer, `${path}.search`);
  }
  if (visit.renames.takesAll) return;
  for (const name of ['defaultValue', 'pattern']) {
    const value = member(variable, name);
    if (value?.kind === 'text' && (visit.renames.hasNamespace(value.value) || visit.renames.hasName(value.value))) {
      visit.knows(value);
      visit.leave(`${path}.${name}`, value.at, `the variable puts "${value.value}" into the widgets`);
    }
  }
}

function visitMentions(visit: Visit, node: Node, path: string, isForPeople = false): void {
  if (node.kind === 'text') return visit.mention(node, path, isForPeople);
  for (const [index, item] of itemsOf(node).entries()) visitMentions(visit, item, `${path}[${index}]`, isForPeople);
  for (const [name, value] of entriesOf(node)) {
    if (!NO_NAMES.has(name)) visitMentions(visit, value, /[^.]$/.test(path) ? `${path}.${name}` : `${path}${name}`, FOR_PEOPLE.has(name));
  }
}
