import { CfnResource } from 'aws-cdk-lib';
import { METRIC_CATALOG, RUNTIME_ENVIRONMENT } from '../../../contract/data';
import { roleMayInvoke } from '../policies/principal-permissions';
import { AppModel } from '../template/app-model';
import { isCdkProvider } from '../template/cdk-providers';
import { branches, isRecord, JsonRecord } from '../template/template-values';

const FUNCTION = 'AWS::Lambda::Function';
const TASK_DEFINITION = 'AWS::ECS::TaskDefinition';
const { variables, layers } = RUNTIME_ENVIRONMENT;

/** Who emits metrics: the values of the runtime's environment variables, as they stand in the template. */
export interface ServiceIdentity {
  readonly service: unknown;
  readonly environment?: unknown;
  readonly product?: unknown;
}

/** Whether a resource is a function that runs a model or an endpoint, or has the runtime layer. */
export function isGenAiFunction(resource: CfnResource, app: AppModel): boolean {
  return resource.cfnResourceType === FUNCTION && !isCdkProvider(resource)
    && (usesRuntimeLayer(resource, app) || roleMayInvoke(resource, 'Role', app));
}

/** Whether Lambda starts the function through the runtime layer, which then runs the function's own handler. */
export function usesRuntimeLayer(fn: CfnResource, app: AppModel): boolean {
  const { Handler, Layers } = app.propertiesOf(fn);
  return isLayerHandler(Handler) && branches(Layers).length > 0 && variables.handler.name in functionEnvironment(fn, app);
}

/** Whether a resource is a task definition whose containers may run a model or an endpoint. */
export function isGenAiTask(resource: CfnResource, app: AppModel): boolean {
  return resource.cfnResourceType === TASK_DEFINITION && roleMayInvoke(resource, 'TaskRoleArn', app);
}

/** The service of a function; undefined without a service name. */
export function serviceOfFunction(fn: CfnResource, app: AppModel): ServiceIdentity | undefined {
  return identity(functionEnvironment(fn, app));
}

/** The services of a task's containers. */
export function servicesOfTask(task: CfnResource, app: AppModel): ServiceIdentity[] {
  return branches(app.propertiesOf(task).ContainerDefinitions)
    .filter(isRecord)
    .map(container => identity(containerEnvironment(container)))
    .filter(service => service !== undefined);
}

/** How many metrics of the mandatory tier have to be watched for each service. */
export const ALARMS_WANTED: number = METRIC_CATALOG.mandatoryAlarmsPerWorkload;

function isLayerHandler(handler: unknown): boolean {
  return Object.values(layers).some(layer => layer.handler === handler);
}

function functionEnvironment(fn: CfnResource, app: AppModel): JsonRecord {
  const { Environment } = app.propertiesOf(fn);
  return isRecord(Environment) && isRecord(Environment.Variables) ? Environment.Variables : {};
}

function containerEnvironment({ Environment }: JsonRecord): JsonRecord {
  return Object.fromEntries(branches(Environment).filter(isRecord).map(({ Name, Value }) => [String(Name), Value]));
}

function identity(environment: JsonRecord): ServiceIdentity | undefined {
  const service = environment[variables.serviceName.name];
  if (service === undefined) return undefined;
  return { service, environment: environment[variables.environment.name], product: environment[variables.product.name] };
}
