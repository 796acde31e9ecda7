import { TERRAFORM, visitAlarm } from './alarm';
import { visitBody } from './template';
import { Visit } from './visit';
import { entriesOf, itemsOf, member, Node } from '../text/node';

const READERS: Readonly<Record<string, (visit: Visit, block: Node, path: string) => void>> = {
  aws_cloudwatch_metric_alarm: (visit, block, path) => visitAlarm(visit, block, path, TERRAFORM),
  aws_cloudwatch_dashboard: (visit, block, path) => visitBody(visit, member(block, 'dashboard_body'), `${path}.dashboard_body`),
};

/** Renames in the alarms and dashboards of a Terraform configuration in JSON. */
export function visitTerraform(visit: Visit, configuration: Node): void {
  const resources = member(configuration, 'resource');
  for (const [type, visitOne] of Object.entries(READERS)) {
    for (const types of blocksOf(member(resources, type))) {
      for (const [name, resource] of entriesOf(types)) {
        for (const block of blocksOf(resource)) visitOne(visit, block, `resource.${type}.${name}`);
      }
    }
  }
}

/** Terraform takes a block and a list of blocks. */
function blocksOf(node: Node | undefined): readonly Node[] {
  return node?.kind === 'list' ? itemsOf(node) : node ? [node] : [];
}
