import { METRIC_CATALOG, RUNTIME_ENVIRONMENT } from '../../../contract/data';
import { isRecord, JsonRecord } from '../../../contract/template/template-values';
import { roleMayInvoke } from '../policies/principal-permissions';
import { AppModel } from '../template/app-model';
import { knownText } from '../template/known-text';
import { TemplateResource } from '../template/template';

const FUNCTIONS = ['AWS::Lambda::Function', 'AWS::Serverless::Function'];
const TASK_DEFINITION = 'AWS::ECS::TaskDefinition';
const { variables, layers } = RUNTIME_ENVIRONMENT;

/** Who emits metrics: the values of the runtime's environment variables, as texts where they are known. */
export interface ServiceIdentity {
  readonly service: unknown;
  readonly environment?: unknown;
  readonly product?: unknown;
}

/** Whether a resource is a function, other than the CDK's own. */
export function isFunction({ type, origin }: TemplateResource): boolean {
  return FUNCTIONS.includes(type) && origin?.asset?.of !== 'cdk';
}

export function isTask({ type }: TemplateResource): boolean {
  return type === TASK_DEFINITION;
}

/** Whether a resource is a function that runs a model or an endpoint, or has the runtime layer. */
export function isGenAiFunction(resource: TemplateResource, app: AppModel): boolean {
  return isFunction(resource)
    && app.once('is a GenAI function', resource, () => usesRuntimeLayer(resource, app) || roleMayInvoke(resource, 'Role', app));
}

/** Whether Lambda starts the function through the runtime layer, which then runs the function's own handler. */
export function usesRuntimeLayer(fn: TemplateResource, app: AppModel): boolean {
  const handlers = app.texts(fn, fn.properties.Handler);
  return handlers.length > 0
    && variables.handler.name in functionEnvironment(fn, app)
    && handlers.every(handler => isLayerHandler(handler) && handlerComesFromLayer(fn, handler, app));
}

/** Whether a resource is a task definition whose containers may run a model or an endpoint. */
export function isGenAiTask(resource: TemplateResource, app: AppModel): boolean {
  return isTask(resource) && roleMayInvoke(resource, 'TaskRoleArn', app);
}

/** The service of a function; undefined without a service name. */
export function serviceOfFunction(fn: TemplateResource, app: AppModel): ServiceIdentity | undefined {
  return identity(functionEnvironment(fn, app), fn, app);
}

/** The services of a task's containers. */
export function servicesOfTask(task: TemplateResource, app: AppModel): ServiceIdentity[] {
  return containerEnvironments(task, app).map(environment => identity(environment, task, app)).filter(service => service !== undefined);
}

/** How many metrics of the mandatory tier have to be watched for each service. */
export const ALARMS_WANTED: number = METRIC_CATALOG.mandatoryAlarmsPerWorkload;

/** The environment variables of a function. */
export function functionEnvironment(fn: TemplateResource, app: AppModel): JsonRecord {
  return app.once('environment', fn, () => {
    const environments = app.items(fn, fn.properties.Environment).filter(isRecord);
    const parts = environments.flatMap(({ Variables }) => app.items(fn, Variables)).filter(isRecord);
    return Object.assign({}, ...parts) as JsonRecord;
  });
}

/** The environment variables of each container of a task, secrets included. */
export function containerEnvironments(task: TemplateResource, app: AppModel): JsonRecord[] {
  return app.items(task, task.properties.ContainerDefinitions).filter(isRecord).map(({ Environment, Secrets }) => {
    const entries = [Secrets, Environment].flatMap(list => app.items(task, list)).filter(isRecord);
    return Object.fromEntries(entries.map(({ Name, Value, ValueFrom }) => [String(Name), Value ?? ValueFrom]));
  });
}

function isLayerHandler(handler: string): boolean {
  return Object.values(layers).some(layer => layer.handler === handler);
}

/**
 * Of two layers with the same file Lambda takes the later one. Nobody can look into a layer that is given by its ARN: it may
 * be ours, published or signed elsewhere.
 */
function handlerComesFromLayer(fn: TemplateResource, handler: string, app: AppModel): boolean {
  const path = Object.values(layers).find(layer => layer.handler === handler)!.path;
  for (const layer of listedLayers(fn, app).reverse()) {
    const asset = layer?.origin?.asset;
    if (!asset || asset.of === 'plumbline') return true;
    if (asset.holds(path)) return false;
  }
  return false;
}

function listedLayers(fn: TemplateResource, app: AppModel): (TemplateResource | undefined)[] {
  const { Layers } = fn.properties;
  if (!Array.isArray(Layers)) return app.items(fn, Layers).map(() => undefined);
  return Layers.flatMap(layer => app.items(fn, layer).map((): TemplateResource | undefined => app.targets(fn, layer)[0]));
}

function identity(environment: JsonRecord, resource: TemplateResource, app: AppModel): ServiceIdentity | undefined {
  if (environment[variables.serviceName.name] === undefined) return undefined;
  const value = ({ name }: { readonly name: string }): unknown => knownText(resource, environment[name], app);
  return { service: value(variables.serviceName), environment: value(variables.environment), product: value(variables.product) };
}
