import { CfnResource } from 'aws-cdk-lib';
import { NagRuleResult } from 'cdk-nag';
import { AppModel } from './app-model';

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
  /** What the rule says of a resource. */
  readonly check: (resource: CfnResource, app: AppModel) => NagRuleResult;
}
