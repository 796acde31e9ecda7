import { App, Stack } from 'aws-cdk-lib';
import { Alarm, AlarmProps, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import { METRIC_CATALOG, RUNTIME_ENVIRONMENT } from '../../../../src/contract/data';

export const MODEL = 'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0';
export const LAYER = 'arn:aws:lambda:us-east-1:111122223333:layer:plumbline:1';

export const mayInvoke = (): PolicyStatement => new PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: [MODEL] });

export function roleThatInvokes(stack: Stack, id = 'Role', principal = 'lambda.amazonaws.com'): Role {
  const role = new Role(stack, id, { assumedBy: new ServicePrincipal(principal) });
  role.addToPolicy(mayInvoke());
  return role;
}

/** A function as a team would write it, without the library. */
export function plainFunction(stack: Stack, props: Partial<FunctionProps> = {}, id = 'Function'): Function {
  return new Function(stack, id, { code: Code.fromInline('//'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X, ...props });
}

export const serviceVariables = (service: string, environment = 'prod', product = 'Manga'): Record<string, string> => ({
  [RUNTIME_ENVIRONMENT.variables.serviceName.name]: service,
  [RUNTIME_ENVIRONMENT.variables.environment.name]: environment,
  [RUNTIME_ENVIRONMENT.variables.product.name]: product,
});

export function genAiFunction(stack: Stack, service = 'chat', role: IRole = roleThatInvokes(stack)): Function {
  return plainFunction(stack, { role, environment: serviceVariables(service) });
}

/** A metric of the catalogue, by its id, on the service's roll-up unless told otherwise. */
export function catalogMetric(
  id: (typeof METRIC_CATALOG.metrics)[number]['id'],
  dimensionsMap: Record<string, string>,
  product = 'Manga',
): Metric {
  const { area, name } = METRIC_CATALOG.metrics.find(entry => entry.id === id)!;
  return new Metric({ namespace: `${product}/${area}`, metricName: name, dimensionsMap });
}

export const ofService = (service: string, environment = 'prod'): Record<string, string> => ({ service_name: service, environment });

export function alarmOn(stack: Stack, metric: Metric | MathExpression, id: string, props: Partial<AlarmProps> = {}): Alarm {
  return new Alarm(stack, id, { metric, threshold: 1, evaluationPeriods: 1, ...props });
}

export function otherStack(stack: Stack, id = 'Other'): Stack {
  return new Stack(App.of(stack)!, id);
}
