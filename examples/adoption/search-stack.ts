import { CfnOutput, Duration, Stack, StackProps } from 'aws-cdk-lib';
import { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { IRole, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function, FunctionUrlAuthType, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { serviceCode } from './services/service-code';
import { envelopeAt, Step } from './step';
import { BedrockTaskRole, CatalogMetric, StandardLambdaMixin } from 'cdk-plumbline';

const MODEL = 'amazon.titan-embed-text-v2:0';

/** Properties of the `SearchStack`. */
export interface SearchStackProps extends StackProps {
  /** How far the shop has come. */
  readonly step: Step;
  /** The table of the books, in the shop's Region. */
  readonly titles: ITableV2;
}

/** Finds books by what they are about: Python, behind a function URL, with a role that the team wrote. */
export class SearchStack extends Stack {
  constructor(scope: Construct, id: string, { step, titles, ...props }: SearchStackProps) {
    super(scope, id, props);
    const search = new Function(this, 'Function', {
      code: serviceCode('search'),
      handler: step < Step.DONE ? 'search.handler' : 'standard.handler',
      runtime: Runtime.PYTHON_3_13,
      timeout: Duration.seconds(30),
      memorySize: 512,
      role: step < Step.DONE ? this.createRole() : new BedrockTaskRole(this, 'Role', { allowedModels: [MODEL], allowEmbeddings: true }),
      environment: { MODEL, TITLES_TABLE: titles.tableName },
    });
    titles.grantReadData(search);
    const url = search.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    new CfnOutput(this, 'Url', { value: url.url });
    if (step >= Step.LAYER) {
      search.with(new StandardLambdaMixin({
        serviceName: 'search',
        envelope: envelopeAt(step),
        ...step >= Step.DONE && { alarms: [CatalogMetric.LATENCY_END_TO_END_MS, CatalogMetric.BEDROCK_INVOCATION_COUNT] },
      }));
    }
  }

  private createRole(): IRole {
    return new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies: ['service-role/AWSLambdaBasicExecutionRole', 'AmazonBedrockFullAccess']
        .map(name => ManagedPolicy.fromAwsManagedPolicyName(name)),
    });
  }
}
