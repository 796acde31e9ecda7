import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Construct } from 'constructs';
import { bundled } from './service-code';
import { envelopeAt, Step } from '../step';
import { BedrockGrants, CatalogMetric, IamProbe, StandardLambdaMixin } from 'cdk-plumbline';

/** Properties of the `ChatService`. */
export interface ChatServiceProps {
  /** How far the shop has come. */
  readonly step: Step;
  /** The id of the model that answers. */
  readonly model: string;
}

/** Answers questions about books: a `NodejsFunction` whose role the CDK made. */
export class ChatService extends Construct {
  /** The function behind the API. */
  public readonly fn: NodejsFunction;

  constructor(scope: Construct, id: string, { step, model }: ChatServiceProps) {
    super(scope, id);
    this.fn = new NodejsFunction(this, 'Function', {
      ...bundled('chat', step < Step.DONE ? 'index.ts' : 'standard.ts'),
      runtime: Runtime.NODEJS_22_X,
      timeout: Duration.seconds(28),
      memorySize: 512,
      environment: { MODEL: model },
    });
    if (step < Step.DONE) {
      this.fn.addToRolePolicy(new PolicyStatement({ actions: ['bedrock:*'], resources: ['*'] }));
    } else {
      BedrockGrants.grantInvoke(this.fn, [model]);
    }
    if (step >= Step.LAYER) {
      this.fn.with(new StandardLambdaMixin({
        serviceName: 'chat',
        envelope: envelopeAt(step),
        ...step >= Step.DONE && {
          probe: IamProbe.BASIC,
          alarms: [CatalogMetric.LATENCY_END_TO_END_MS, CatalogMetric.BEDROCK_INVOCATION_COUNT],
        },
      }));
    }
  }
}
