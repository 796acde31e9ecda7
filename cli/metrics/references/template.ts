import { CLOUDFORMATION, visitAlarm } from './alarm';
import { isDashboard, visitDashboard, visitDashboardText } from './dashboard';
import { Visit } from './visit';
import { branchesOf, tryLayerOf } from '../text/joined-text';
import { NoJson } from '../text/json-text';
import { entriesOf, itemsOf, member, Node, textOf } from '../text/node';

/** What reads metrics by name. */
const READERS = /^AWS::(CloudWatch::(Alarm|AnomalyDetector)|(Application)?AutoScaling::ScalingPolicy)$/;

/** Renames in what a CloudFormation template reads of metrics: its alarms, detectors, scaling policies and dashboards. */
export function visitTemplate(visit: Visit, template: Node): void {
  for (const [id, resource] of entriesOf(member(template, 'Resources'))) {
    const type = textOf(member(resource, 'Type')) ?? '';
    const properties = member(resource, 'Properties');
    const path = `Resources.${id}.Properties`;
    if (!properties) continue;
    if (READERS.test(type)) visitAlarm(visit, properties, path, CLOUDFORMATION);
    if (type === 'AWS::CloudWatch::Dashboard') visitBody(visit, member(properties, 'DashboardBody'), `${path}.DashboardBody`);
    if (type === 'AWS::Logs::MetricFilter') leaveEmitter(visit, properties, path);
    if (type === 'AWS::CloudWatch::MetricStream') leaveStream(visit, properties, path);
  }
}

/** A body as text, as a text put together, as a record, and behind a condition. */
export function visitBody(visit: Visit, body: Node | undefined, path: string): void {
  for (const branch of branchesOf(body)) {
    const json = member(branch, 'Fn::ToJsonString') ?? branch;
    const layer = tryLayerOf(branch);
    if (isDashboard(json)) visitDashboard(visit, json, `${path}.`);
    else if (!layer) visit.leave(path, branch.at, 'the body is no text that can be read here');
    else visitBodyText(visit, layer, path);
  }
}

function visitBodyText(visit: Visit, layer: NonNullable<ReturnType<typeof tryLayerOf>>, path: string): void {
  try {
    visitDashboardText(visit, layer, `${path}.`);
  } catch (error) {
    if (!(error instanceof NoJson)) throw error;
    visit.leave(path, layer.positionOf(error.offset), `the body is no JSON: ${error.message}`);
  }
}

/** What emits is not renamed with what reads: both names are wanted for a time. */
function leaveEmitter(visit: Visit, properties: Node, path: string): void {
  for (const [index, transformation] of itemsOf(member(properties, 'MetricTransformations')).entries()) {
    const namespace = textOf(member(transformation, 'MetricNamespace')) ?? '';
    const name = textOf(member(transformation, 'MetricName')) ?? '';
    if (!visit.renames.tryRenamed({ namespace, name })) continue;
    visit.leave(`${path}.MetricTransformations[${index}]`, transformation.at, `the filter emits ${namespace} ${name}: it is no reader`);
  }
}

function leaveStream(visit: Visit, properties: Node, path: string): void {
  for (const name of ['IncludeFilters', 'ExcludeFilters']) {
    for (const filter of itemsOf(member(properties, name))) {
      const namespace = textOf(member(filter, 'Namespace')) ?? '';
      if (visit.renames.hasNamespace(namespace)) visit.leave(`${path}.${name}`, filter.at, `the stream filters by ${namespace}`);
    }
  }
}
