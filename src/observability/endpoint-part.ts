import { Stack, Token } from 'aws-cdk-lib';
import { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { IConstruct } from 'constructs';
import { CountedWidget, DashboardPart, graph } from './dashboard-part';
import { found } from './dashboard-searches';
import { ALARMS } from '../contract/data';

const PERCENTILES = ['p50', 'p90', 'p99'];

/**
 * What SageMaker publishes of an endpoint, by search: blue/green, its variants and their number change without the dashboard. Whether it
 * serves in real time is not asked: SageMaker publishes some of these of the one kind only, and a search leaves out what is not there.
 */
export function endpointPart(scope: IConstruct, endpoint: IEndpoint): DashboardPart {
  const lines = (
    namespace: string, names: readonly string[], statistics: readonly string[], dimensions = ['EndpointName', 'VariantName'],
  ): IMetric[] =>
    names.flatMap(name => statistics.map(statistic => found({
      namespace,
      dimensions,
      values: { EndpointName: endpoint.endpointName },
      names: [name],
      statistic,
      periodSeconds: ALARMS.endpoint.slow.periodSeconds,
    }, `${name} ${statistic}`)));
  const region = tryOtherRegion(scope, endpoint);
  const requests = (title: string, names: readonly string[], statistics = ['Sum']): CountedWidget =>
    graph(title, lines('AWS/SageMaker', names, statistics), { region });
  const use = (title: string, names: readonly string[]): CountedWidget =>
    graph(title, lines('/aws/sagemaker/Endpoints', names, ['Average']), { region });
  return {
    heading: `Endpoint ${endpoint.endpointName}`,
    widgets: [
      graph('Requests, and those that wait for an asynchronous answer', [
        ...lines('AWS/SageMaker', ['Invocations', 'InvocationsPerInstance'], ['Sum']),
        ...lines('AWS/SageMaker', ['ApproximateBacklogSize'], ['Maximum'], ['EndpointName']),
      ], { region }),
      requests('Failed, rejected and expired requests', [
        'Invocation5XXErrors', 'Invocation4XXErrors', 'InvocationFailures', 'ExpiredRequests',
      ]),
      requests('Time of the model, in microseconds', ['ModelLatency'], PERCENTILES),
      requests('Time that SageMaker adds, in microseconds', ['OverheadLatency'], PERCENTILES),
      use('Use of GPUs and their memory, 100 % each', ['GPUUtilization', 'GPUMemoryUtilization']),
      use('Use of processors, memory and disks, in percent', ['CPUUtilization', 'MemoryUtilization', 'DiskUtilization']),
    ],
  };
}

function tryOtherRegion(scope: IConstruct, { env: { region } }: IEndpoint): string | undefined {
  return Token.isUnresolved(region) || region === Stack.of(scope).region ? undefined : region;
}
