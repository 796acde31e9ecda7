import { Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * Acknowledges findings of a construct that are known only when the template is made: their ids, each with its reason, are worked
 * out whenever somebody reads them.
 */
export function acknowledgeLate(construct: IConstruct, reasons: () => Record<string, string>): void {
  construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, {});
  Object.defineProperty(construct.node.metadata.at(-1)!, 'data', { enumerable: true, get: reasons });
}
