import { BEDROCK_ROLE } from '../../../contract/data';
import { AppModel } from '../template/app-model';
import { TemplateResource } from '../template/template';
import { containerEnvironments, functionEnvironment, isFunction, isTask } from './workloads';

const KEYS: readonly string[] = BEDROCK_ROLE.invocation.keyVariables;

/** The environment variables of a function or a task that let it call a model past its role. */
export function modelKeysOf(resource: TemplateResource, app: AppModel): string[] {
  const environments = isFunction(resource) ? [functionEnvironment(resource, app)] : isTask(resource) ? containerEnvironments(resource, app) : [];
  return KEYS.filter(key => environments.some(environment => key in environment));
}
