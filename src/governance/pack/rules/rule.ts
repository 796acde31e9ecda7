import { AppModel } from '../template/app-model';
import { TemplateResource } from '../template/template';

/** One thing that a rule found in a resource. */
export interface Finding {
  /** What was found, as a part of the finding's id, so that the acknowledgement of one does not cover the next. */
  readonly what?: string;
  /** What is wrong and how to mend it, where the rule's own text does not fit this resource. */
  readonly info?: string;
  /** A warning is told, and stops nothing. */
  readonly isWarning?: boolean;
}

/** What a rule finds in a resource: nothing when all is well, undefined when the resource is none that it looks at. */
export type Check = (resource: TemplateResource, app: AppModel) => Finding[] | undefined;

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
