import { ACCOUNT, REGION } from './local-environment';

/** A metric under one set of dimensions. */
export interface MetricSeries {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

/** The requests to the local AWS that the demo makes itself, besides those of the CDK. */
export class EmulatorClient {
  constructor(private readonly url: string) {}

  /** The physical ids of a stack's resources, by logical id. */
  public async resourcesOf(stackName: string): Promise<ReadonlyMap<string, string>> {
    const xml = await this.query('cloudformation', { Action: 'DescribeStackResources', StackName: stackName });
    const members = xml.split('<member>').slice(1);
    return new Map(members.map(member => [tag(member, 'LogicalResourceId'), tag(member, 'PhysicalResourceId')]));
  }

  /** Whether the role may do `action`, decided by IAM's policy simulator over the role as it was deployed. */
  public async mayDo(roleName: string, action: string): Promise<boolean> {
    const xml = await this.query('iam', {
      'Action': 'SimulatePrincipalPolicy',
      'PolicySourceArn': `arn:aws:iam::${ACCOUNT}:role/${roleName}`,
      'ActionNames.member.1': action,
    });
    return tag(xml, 'EvalDecision') === 'allowed';
  }

  /** Every metric that has data. */
  public async metrics(): Promise<readonly MetricSeries[]> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: {
        ...headersFor('monitoring'),
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'GraniteServiceVersion20100801.ListMetrics',
      },
      body: '{}',
    });
    return (await response.json() as { Metrics: MetricSeries[] }).Metrics;
  }

  /** Calls a function directly, as `aws lambda invoke` does. Never answers while the function does not. */
  public async invoke(functionName: string, payload: object, signal?: AbortSignal): Promise<unknown> {
    const response = await fetch(`${this.url}/2015-03-31/functions/${functionName}/invocations`, {
      method: 'POST', headers: headersFor('lambda'), body: JSON.stringify(payload), signal,
    });
    return response.json();
  }

  private async query(service: string, parameters: Record<string, string>): Promise<string> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { ...headersFor(service), 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(parameters),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${service} ${parameters.Action} was answered with ${response.status}: ${text.slice(0, 300)}`);
    return text;
  }
}

/** The emulator reads the service from the signature and does not check it. */
function headersFor(service: string): Record<string, string> {
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=local-stage/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=none`,
  };
}

function tag(xml: string, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
}
