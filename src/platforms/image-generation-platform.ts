import { Lazy } from 'aws-cdk-lib';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { InterfaceVpcEndpointAwsService, IVpc } from 'aws-cdk-lib/aws-ec2';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ImageJobs } from './image-jobs';
import { PlatformApi } from './platform-api';
import { platformModel } from './platform-model';
import { PlatformOptions } from './platform-options';
import { tellAddresses } from './platform-outputs';
import { platformWebsite } from './platform-website';
import { StandardWebsite } from '../api/standard-website';
import { PLATFORMS } from '../contract/data';
import { GenAiEndpoint } from '../sagemaker/gen-ai-endpoint';

const { idempotencyKey, model, paths, picture } = PLATFORMS.imageGeneration;

/** Properties of `ImageGenerationPlatform`. */
export interface ImageGenerationPlatformProps extends PlatformOptions {}

/**
 * A whole service that paints pictures: pages behind CloudFront, a REST API whose `POST /images` starts a job and whose
 * `GET /images/{jobId}` tells its state, a queue with dead letters, a worker, and Stable Diffusion behind a SageMaker endpoint. A picture
 * lies in a private bucket as JPEG, and is seen through CloudFront only.
 *
 * Functions and model stand in private subnets without a NAT. Standards have to be applied above it.
 *
 * Outputs: `ApiUrl`, `WebsiteUrl`, `DistributionDomain`.
 */
export class ImageGenerationPlatform extends Construct {
  /** The API. */
  public readonly api: RestApi;
  /** The pages. */
  public readonly website: StandardWebsite;
  /** What serves the pages and the pictures. */
  public readonly distribution: IDistribution;
  /** Where functions and model stand. */
  public readonly vpc: IVpc;
  /** The model. */
  public readonly endpoint: GenAiEndpoint;
  /** The pictures, for as long as they are kept. */
  public readonly pictures: IBucket;
  /** The state of each job. */
  public readonly jobs: ITable;
  /** Jobs that wait. */
  public readonly queue: IQueue;
  /** Jobs that failed again and again: each of them sets off an alarm. */
  public readonly deadLetterQueue: IQueue;

  constructor(scope: Construct, id: string, props: ImageGenerationPlatformProps = {}) {
    super(scope, id);
    const { userPool, usagePlan, cloudWatchRole, pages } = props;
    const origin = Lazy.string({ produce: () => this.website.url });
    const { vpc, endpoint, letIn } = platformModel(this, { ...props, model, services: { Sqs: InterfaceVpcEndpointAwsService.SQS } });
    this.vpc = vpc;
    this.endpoint = endpoint;
    const api = new PlatformApi(this, 'Api', { origin, requestHeaders: [idempotencyKey.header], userPool, usagePlan, cloudWatchRole });
    this.api = api;
    this.website = platformWebsite(this, 'Website', { title: 'Image generation', api, pages });
    this.distribution = this.website.distribution;
    const jobs = new ImageJobs(this, 'Jobs', { vpc, endpoint, website: this.website, origin });
    letIn(jobs.api);
    letIn(jobs.worker);
    this.pictures = jobs.pictures;
    this.jobs = jobs.table;
    this.queue = jobs.queue;
    this.deadLetterQueue = jobs.deadLetterQueue;
    this.website.addBucket(`/${picture.keyPrefix}*`, jobs.pictures);
    api.route('POST', paths.jobs, jobs.api);
    api.route('GET', paths.job, jobs.api);
    tellAddresses(this, api, this.website);
  }
}
