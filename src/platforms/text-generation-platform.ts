import { Lazy } from 'aws-cdk-lib';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { PlatformApi } from './platform-api';
import { PlatformFunction } from './platform-function';
import { platformModel } from './platform-model';
import { PlatformOptions } from './platform-options';
import { tellAddresses } from './platform-outputs';
import { platformWebsite } from './platform-website';
import { StandardWebsite } from '../api/standard-website';
import { PLATFORMS } from '../contract/data';
import { GenAiEndpoint } from '../sagemaker/gen-ai-endpoint';

const { model, path, variables } = PLATFORMS.textGeneration;

/** Properties of `TextGenerationPlatform`. */
export interface TextGenerationPlatformProps extends PlatformOptions {}

/**
 * A whole service that summarises text: pages behind CloudFront, a REST API with `POST /summarize`, a function under the standard, and
 * Falcon-7B-Instruct behind a SageMaker endpoint. Every answer is an envelope, every silence and every error code has an alarm.
 *
 * Functions and model stand in private subnets without a NAT. Standards have to be applied above it.
 *
 * Outputs: `ApiUrl`, `WebsiteUrl`, `DistributionDomain`.
 */
export class TextGenerationPlatform extends Construct {
  /** The API. */
  public readonly api: RestApi;
  /** The pages. */
  public readonly website: StandardWebsite;
  /** What serves the pages. */
  public readonly distribution: IDistribution;
  /** Where function and model stand. */
  public readonly vpc: IVpc;
  /** The model. */
  public readonly endpoint: GenAiEndpoint;
  /** Answers `POST /summarize`. */
  public readonly function: IFunction;

  constructor(scope: Construct, id: string, props: TextGenerationPlatformProps = {}) {
    super(scope, id);
    const { userPool, usagePlan, cloudWatchRole, pages } = props;
    const origin = Lazy.string({ produce: () => this.website.url });
    const { vpc, endpoint, letIn } = platformModel(this, { ...props, model });
    this.vpc = vpc;
    this.endpoint = endpoint;
    this.function = new PlatformFunction(this, 'Function', 'text-generation', {
      vpc, allowOrigins: [origin], environment: { [variables.endpoint]: endpoint.endpointName },
    });
    letIn(this.function);
    endpoint.grantInvoke(this.function);
    const api = new PlatformApi(this, 'Api', { origin, userPool, usagePlan, cloudWatchRole });
    api.route('POST', path, this.function);
    this.api = api;
    this.website = platformWebsite(this, 'Website', { title: 'Text generation', api, pages });
    this.distribution = this.website.distribution;
    tellAddresses(this, api, this.website);
  }
}
