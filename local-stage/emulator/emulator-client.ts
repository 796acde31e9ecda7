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

  /** The values of a stack's outputs, by logical id. */
  public async outputsOf(stackName: string): Promise<ReadonlyMap<string, string>> {
    const xml = await this.query('cloudformation', { Action: 'DescribeStacks', StackName: stackName });
    return new Map(xml.split('<OutputKey>').slice(1).map(output => [output.split('<')[0], tag(output, 'OutputValue')]));
  }

  /** What an API key says, which stands in no template. */
  public async apiKey(id: string): Promise<string> {
    const response = await fetch(`${this.url}/apikeys/${id}?includeValue=true`, { headers: headersFor('apigateway') });
    return (await response.json() as { value: string }).value;
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
    return (await this.json<{ Metrics: MetricSeries[] }>('monitoring', 'GraniteServiceVersion20100801.ListMetrics', {})).Metrics;
  }

  /** The text of an object, as it is now. */
  public async object(bucket: string, key: string): Promise<string> {
    const response = await this.askBucket(`${bucket}/${key}`, {});
    return response.text();
  }

  /** Returns the version of the object. */
  public async putObject(bucket: string, key: string, text: string): Promise<string> {
    const response = await this.askBucket(`${bucket}/${key}`, { method: 'PUT', body: text });
    return response.headers.get('x-amz-version-id')!;
  }

  public dynamodb<T>(operation: string, input: object): Promise<T> {
    return this.json<T>('dynamodb', `DynamoDB_20120810.${operation}`, input);
  }

  public cognito<T>(operation: string, input: object): Promise<T> {
    return this.json<T>('cognito-idp', `AWSCognitoIdentityProviderService.${operation}`, input);
  }

  /** Lets an alias lead to a new version of a function, which is as the one before: its next request begins in a new environment. */
  public async startAnew(functionName: string, alias: string): Promise<void> {
    const description = `started anew at ${new Date().toISOString()}`; // Lambda makes no version of what has not changed.
    await this.changeFunction('PUT', `${functionName}/configuration`, { Description: description });
    const { Version } = await this.changeFunction<{ Version: string }>('POST', `${functionName}/versions`, {});
    await this.changeFunction('PUT', `${functionName}/aliases/${alias}`, { FunctionVersion: Version });
  }

  /** Calls a function directly, as `aws lambda invoke` does. Never answers while the function does not. */
  public async invoke(functionName: string, payload: object, signal?: AbortSignal): Promise<unknown> {
    const response = await fetch(`${this.url}/2015-03-31/functions/${functionName}/invocations`, {
      method: 'POST', headers: headersFor('lambda'), body: JSON.stringify(payload), signal,
    });
    return response.json();
  }

  private async changeFunction<T>(method: string, path: string, body: object): Promise<T> {
    const response = await fetch(`${this.url}/2015-03-31/functions/${path}`, {
      method, headers: headersFor('lambda'), body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`lambda ${method} ${path} was answered with ${response.status}.`);
    return await response.json() as T;
  }

  private async askBucket(path: string, request: RequestInit): Promise<Response> {
    const response = await fetch(`${this.url}/${path}`, { ...request, headers: headersFor('s3') });
    if (!response.ok) throw new Error(`s3 ${request.method ?? 'GET'} ${path} was answered with ${response.status}.`);
    return response;
  }

  private async json<T>(service: string, target: string, input: object): Promise<T> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { ...headersFor(service), 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
      body: JSON.stringify(input),
    });
    if (!response.ok) throw new Error(`${target} was answered with ${response.status}: ${(await response.text()).slice(0, 300)}`);
    return await response.json() as T;
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
