import { Stack, Token } from 'aws-cdk-lib';
import { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { IConstruct } from 'constructs';
import { CountedWidget, DashboardPart, graph } from './dashboard-part';
import { found } from './dashboard-searches';
import { ALARMS } from '../contract/data';

const PERCENTILES = ['p50', 'p90', 'p99'];

/** What SageMaker publishes of an endpoint, by search: blue/green, its variants and their number change without the dashboard. */
export function endpointPart(scope: IConstruct, endpoint: IEndpoint): DashboardPart {
  const lines = (namespace: string, names: readonly string[], statistics: readonly string[]): IMetric[] =>
    names.flatMap(name => statistics.map(statistic => found({
      namespace,
      dimensions: ['EndpointName', 'VariantName'],
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
      requests('Requests', ['Invocations', 'InvocationsPerInstance']),
      requests('Failed and rejected requests', ['Invocation5XXErrors', 'Invocation4XXErrors']),
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
