import { join } from 'path';
import { Duration, Stack } from 'aws-cdk-lib';
import { LambdaIntegration } from 'aws-cdk-lib/aws-apigateway';
import { DeploymentStrategy, DeploymentStrategyId } from 'aws-cdk-lib/aws-appconfig';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { handlerCode, HANDLERS } from './handler-code';
import { faultyUrl } from '../emulator/bedrock-stand-in';
import { BedrockClientPolicy, IamProbe, StandardLambda, StandardLambdaProps, StandardRestApi, Standards } from 'cdk-plumbline';

const MODEL = 'amazon.nova-lite-v1:0';

/** What AppConfig tells the hanging chat; the standard has 15 s for its task type. */
export const TUNED_READ_TIMEOUT = Duration.seconds(12);

/** Properties of the `IncidentStack`. */
export interface IncidentStackProps {
  /** Where the stand-in for Bedrock is. */
  readonly bedrockUrl: string;
}

/** The functions that the incidents happened to, with the standard and without. Never part of a product: its checks are off. */
export class IncidentStack extends Stack {
  private readonly api: StandardRestApi;

  constructor(scope: Construct, id: string, private readonly props: IncidentStackProps) {
    super(scope, id);
    Standards.apply(this, { product: 'MangaAssist', environment: 'incidents', checks: false });
    this.api = new StandardRestApi(this, 'Api', { cloudWatchRole: false });
    this.replayRawTraceback();
    this.replayHangingRegion();
    this.replayRenamedMetric();
    this.replayMissingPermission();
  }

  private replayRawTraceback(): void {
    this.route(
      'cart-with-standard',
      this.standardLambda('CartWithStandard', { serviceName: 'careless-cart', code: handlerCode('careless-cart') }),
    );
    this.route('cart-in-python', this.standardLambda('CartInPython', {
      serviceName: 'careless-python-cart',
      code: Code.fromAsset(join(HANDLERS, 'python')),
      handler: 'careless_cart.handler',
      runtime: Runtime.PYTHON_3_14,
    }));
    this.route('cart-without-standard', this.plainFunction('CartWithoutStandard', 'careless-cart', Duration.seconds(10)));
  }

  private replayHangingRegion(): void {
    this.plainFunction('RawChat', 'raw-chat', Duration.minutes(15));
    this.tuned(this.chatWithFault('chat-hanging', 'HangingChat', 'no-answer'));
    this.chatWithFault('chat-throttled', 'ThrottledChat', 'throttle');
  }

  private replayRenamedMetric(): void {
    this.route('renamed-metric', this.standardLambda('RenamedMetric', {
      serviceName: 'renamed-metric', code: handlerCode('renamed-metric'),
    }));
  }

  private replayMissingPermission(): void {
    const role = new Role(this, 'RoleWithoutList', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['bedrock:InvokeModel'],
        resources: [this.formatArn({ service: 'bedrock', account: '', resource: 'foundation-model', resourceName: MODEL })],
      }),
    );
    this.route(
      'chat-denied',
      this.standardLambda('DeniedChat', {
        serviceName: 'denied-chat',
        code: handlerCode('chat'),
        environment: { CHAT_MODEL: MODEL },
        role,
        probe: IamProbe.BASIC,
      }),
    );
  }

  /** A shorter read timeout than the standard's, which the function takes over while it runs. */
  private tuned(fn: Function): void {
    const policy = new BedrockClientPolicy(this, 'ClientPolicy', {
      readTimeouts: { classification: TUNED_READ_TIMEOUT },
      deploymentStrategy: DeploymentStrategy.fromDeploymentStrategyId(this, 'AtOnce', DeploymentStrategyId.ALL_AT_ONCE),
    });
    policy.applyTo(fn);
  }

  /** A chat with another place where it finds Bedrock; its role the local stage does not ask. */
  private chatWithFault(path: string, id: string, fault: 'no-answer' | 'throttle'): StandardLambda {
    const fn = this.standardLambda(id, {
      serviceName: path,
      code: handlerCode('chat'),
      environment: { CHAT_MODEL: MODEL, AWS_ENDPOINT_URL_BEDROCK_RUNTIME: faultyUrl(this.props.bedrockUrl, fault) },
    });
    this.route(path, fn);
    return fn;
  }

  private standardLambda(id: string, props: Omit<StandardLambdaProps, 'handler'> & { readonly handler?: string }): StandardLambda {
    return new StandardLambda(this, id, { handler: 'index.handler', timeout: Duration.seconds(28), ...props });
  }

  private plainFunction(id: string, handler: string, timeout: Duration): Function {
    return new Function(this, id, {
      code: handlerCode(handler), handler: 'index.handler', runtime: Runtime.NODEJS_24_X, timeout,
    });
  }

  private route(path: string, fn: IFunction): void {
    this.api.root.addResource(path).addMethod('POST', new LambdaIntegration(fn));
  }
}
