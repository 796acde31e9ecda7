import { CallValue, Code, entryOf, RecordValue, Value } from './code-value';
import { readJavascript } from './javascript-code';
import { readPython } from './python-code';

/** Where a program names a metric. What is missing is no literal, and cannot be read. */
export interface MetricUse {
  /** The call it stands in, as it is written: `addMetric`. */
  readonly how: string;
  readonly at: number;
  /** The id of a metric, where the call takes one. */
  readonly id?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** Whether the program tells by it which metrics it has of its own: `CatalogMetric.team(…)`. */
  readonly isDeclaration?: boolean;
}

export const CODE_FILE = /\.([cm]?[jt]sx?|py)$/;
/** A file without any of these words is not parsed: nearly all of them. */
const WORDS = /emit_?metric|add_?metric|put_?metric|single_?metric|metric_?name|CloudWatchMetrics|CatalogMetric|METRIC_NAME/i;

/** Where a file names metrics. Throws a SyntaxError where it is not what its name says. */
export function metricUses(text: string, file: string): MetricUse[] {
  if (!WORDS.test(text)) return [];
  const code = file.endsWith('.py') ? readPython(text) : readJavascript(text, file);
  const owners = namespacesOfOwners(code);
  return [...code.calls.flatMap(call => usesOfCall(call, owners)), ...code.blobs.flatMap(usesOfBlob)];
}

type Owners = ReadonlyMap<string, string | undefined>;

const ONE_METRIC = new Set(['addMetric', 'add_metric', 'putMetric', 'put_metric']);
const BY_CALL: Readonly<Record<string, (call: CallValue, owners: Owners) => MetricUse[]>> = {
  emitMetric: call => [{ how: call.name, at: call.at, id: idOf(argument(call, 0, 'id', 'metric_id')) }],
  emit_metric: call => [{ how: call.name, at: call.at, id: idOf(argument(call, 0, 'metric', 'metric_id')) }],
  single_metric: call => [{
    how: call.name, at: call.at, name: textOf(argument(call, 0, 'name')), namespace: textOf(argument(call, 3, 'namespace')),
  }],
  putMetricData: call => dataOf(call, call.args[0]),
  PutMetricDataCommand: call => dataOf(call, call.args[0]),
  put_metric_data: call => dataOf(call, call.named),
  team: call => (call.owner === 'CatalogMetric' ? [declared(call)] : []),
};

function usesOfCall(call: CallValue, owners: Owners): MetricUse[] {
  if (ONE_METRIC.has(call.name)) return [addedMetric(call, owners)].filter(use => use !== undefined);
  if (Object.hasOwn(BY_CALL, call.name)) return BY_CALL[call.name](call, owners);
  return [...call.args, call.named].flatMap(given => namedTogether(call, given));
}

/** Powertools' and aws-embedded-metrics' metrics: the namespace is that of the object they are added to. */
function addedMetric(call: CallValue, owners: Owners): MetricUse | undefined {
  const first = argument(call, 0, 'name', 'key');
  // Another library's method of this name: it takes something else.
  if (!first || first.kind === 'record' || first.kind === 'list') return undefined;
  const sole = new Set(owners.values()).size === 1 ? [...owners.values()][0] : undefined;
  const namespace = owners.has(call.owner) ? owners.get(call.owner) : sole;
  return { how: call.name, at: call.at, name: textOf(first), namespace };
}

/** The namespace of each `new Metrics({ namespace })`, by the variable it is in, and of each `setNamespace`. */
function namespacesOfOwners({ calls }: Code): Owners {
  const owners = new Map<string, string | undefined>();
  for (const { name, owner, args, named, assignedTo } of calls) {
    if (/^(Ephemeral)?Metrics$/.test(name) && assignedTo !== undefined) {
      owners.set(assignedTo, textOf(entryOf(args[0], 'namespace') ?? entryOf(named, 'namespace')));
    }
    if (name === 'setNamespace' || name === 'set_namespace') owners.set(owner, textOf(args[0] ?? entryOf(named, 'namespace')));
  }
  return owners;
}

/** PutMetricData: one namespace, many data. */
function dataOf(call: CallValue, input: Value | undefined): MetricUse[] {
  const namespace = textOf(entryOf(input, 'Namespace'));
  const data = entryOf(input, 'MetricData');
  const items = data?.kind === 'list' ? data.items : [{ kind: 'unknown' as const, at: call.at }];
  return items.map(item => ({ how: call.name, at: item.at || call.at, namespace, name: textOf(entryOf(item, 'MetricName')) }));
}

const PAIRS = [
  ['namespace', 'metricName'], ['metricNamespace', 'metricName'], ['namespace', 'metric_name'], ['metric_namespace', 'metric_name'],
  ['Namespace', 'MetricName'],
] as const;

/** Whatever takes a namespace and a name together: a `Metric` of the CDK, a metric filter, an alarm of the SDK. */
function namedTogether(call: CallValue, given: Value): MetricUse[] {
  return PAIRS.flatMap(([namespace, name]) => {
    const [ofNamespace, ofName] = [entryOf(given, namespace), entryOf(given, name)];
    return ofNamespace && ofName ? [{ how: call.name, at: ofName.at, namespace: textOf(ofNamespace), name: textOf(ofName) }] : [];
  });
}

function declared(call: CallValue): MetricUse {
  const area = entryOf(argument(call, 1, 'options') ?? call.named, 'area') ?? entryOf(call.named, 'area');
  return {
    how: call.name, at: call.at, name: textOf(argument(call, 0, 'name')), namespace: area ? textOf(area) : 'Team', isDeclaration: true,
  };
}

/** `{ _aws: { CloudWatchMetrics: [{ Namespace, Metrics: [{ Name }] }] } }` */
function usesOfBlob(blob: RecordValue): MetricUse[] {
  const directives = entryOf(entryOf(blob, '_aws'), 'CloudWatchMetrics');
  if (directives?.kind !== 'list') return [];
  return directives.items.flatMap(directive => {
    const metrics = entryOf(directive, 'Metrics');
    const namespace = textOf(entryOf(directive, 'Namespace'));
    const items = metrics?.kind === 'list' ? metrics.items : [{ kind: 'unknown' as const, at: directive.at }];
    return items.map(item => ({ how: '_aws', at: item.at, namespace, name: textOf(entryOf(item, 'Name')) }));
  });
}

function argument(call: CallValue, index: number, ...names: string[]): Value | undefined {
  return call.args[index] ?? names.map(name => entryOf(call.named, name)).find(Boolean);
}

/** Python's type of an id of a team's metric is a function of it. */
function idOf(value: Value | undefined): string | undefined {
  return textOf(value?.kind === 'call' && value.name === 'TeamMetricId' ? value.args[0] : value);
}

function textOf(value: Value | undefined): string | undefined {
  return value?.kind === 'text' ? value.value : undefined;
}
