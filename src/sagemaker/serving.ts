import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { BEDROCK_ROLE } from '../contract/data';

/** What a way of serving adds to an endpoint. */
export interface Serving {
  /** `component` is real time too, of an inference component: it can go without instances. */
  readonly kind: 'realtime' | 'component' | 'asynchronous';
  /** Behind the endpoint's name: SageMaker changes no endpoint from one way to another, so another way is another endpoint. */
  readonly nameSuffix: string;
  /** What callers may do with the endpoint itself. */
  readonly invokeActions: readonly string[];
  readonly asyncConfig?: CfnEndpointConfig.AsyncInferenceConfigProperty;
  /** What the endpoint's role may do besides loading the model. */
  readonly roleStatements: readonly PolicyStatement[];
  /** What callers may do besides invoking the endpoint. */
  readonly callerStatements: readonly PolicyStatement[];
  /** The objects that both kinds of statements are about: patterns with a wildcard for what comes and goes. */
  readonly payloads: readonly string[];
}

/** Callers wait for the answer. */
export function realtimeServing(scaleToZero: boolean): Serving {
  return {
    kind: scaleToZero ? 'component' : 'realtime',
    nameSuffix: scaleToZero ? '-zero' : '',
    invokeActions: BEDROCK_ROLE.statements.invokeEndpoint.actions,
    roleStatements: [],
    callerStatements: [],
    payloads: [],
  };
}
