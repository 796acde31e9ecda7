import { CfnResource } from 'aws-cdk-lib';
import { NagRuleResult } from 'cdk-nag';
import { AppModel } from '../template/app-model';

/** What a rule says of a resource. */
export type Check = (resource: CfnResource, app: AppModel) => NagRuleResult;

/** One rule of `PlumblineChecks`. */
export interface CheckRule {
  /** Its name: the last part of the id of its findings. */
  readonly name: string;
  /** What is wrong with a resource that it finds, and how to mend it. */
  readonly info: string;
  /** Why the rule exists. */
  readonly explanation: string;
  /** The incident it prevents. */
  readonly incident: string;
  readonly check: Check;
}
