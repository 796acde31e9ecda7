import { containerEnvironments, functionEnvironment, isFunction, isTask } from './workloads';
import { BEDROCK_ROLE } from '../../../contract/data';
import { JsonRecord } from '../../../contract/template/template-values';
import { AppModel } from '../template/app-model';
import { TemplateResource } from '../template/template';

const KEYS: readonly string[] = BEDROCK_ROLE.invocation.keyVariables;

/** The environment variables of a function or a task that let it call a model past its role. */
export function modelKeysOf(resource: TemplateResource, app: AppModel): string[] {
  const environments = environmentsOf(resource, app);
  return KEYS.filter(key => environments.some(environment => key in environment));
}

function environmentsOf(resource: TemplateResource, app: AppModel): JsonRecord[] {
  if (isFunction(resource)) return [functionEnvironment(resource, app)];
  return isTask(resource) ? containerEnvironments(resource, app) : [];
}
