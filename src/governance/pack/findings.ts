import { CHECK_RULES } from './check-rules';
import { CheckRule, Finding } from './rules/rule';
import { AppModel } from './template/app-model';
import { TemplateResource } from './template/template';

/** What a rule found, and where. */
export interface FoundInResource extends Finding {
  readonly rule: CheckRule;
  readonly resource: TemplateResource;
}

/** Everything that the rules find in these resources of an app. */
export function findingsIn(resources: readonly TemplateResource[], app: AppModel): FoundInResource[] {
  const found: FoundInResource[] = [];
  for (const resource of resources) {
    for (const rule of CHECK_RULES) for (const finding of rule.check(resource, app) ?? []) found.push({ ...finding, rule, resource });
  }
  return found;
}
