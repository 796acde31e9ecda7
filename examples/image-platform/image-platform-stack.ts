import { Stack, StackProps, Validations } from 'aws-cdk-lib';
import { Period } from 'aws-cdk-lib/aws-apigateway';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ImageGenerationPlatform, Standards } from 'cdk-plumbline';

/** The topic that the operators of the account are subscribed to. */
const ALARM_TOPIC = 'operators';

/** Pictures for a shop: its server, and nobody else, asks for them with a key; the shop's pages show them from CloudFront. */
export class ImagePlatformStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const topicArn = this.formatArn({ service: 'sns', resource: ALARM_TOPIC });
    Standards.apply(this, { product: 'Gallery', environment: 'prod', alarmTopic: Topic.fromTopicArn(this, 'Operators', topicArn) });
    const platform = new ImageGenerationPlatform(this, 'Pictures', {
      usagePlan: { throttle: { rateLimit: 5, burstLimit: 10 }, quota: { limit: 2_000, period: Period.DAY } },
      cloudWatchRole: true,
    });
    const oneCaller = 'One server calls, with the key of its usage plan; no person does, so nobody signs in.';
    Validations.of(platform.api).acknowledge(
      { id: 'AwsSolutions-APIG3', reason: 'Without the key nothing is answered but an error; a web ACL comes when attacks are seen.' },
      { id: 'AwsSolutions-APIG4', reason: oneCaller },
      { id: 'AwsSolutions-COG4', reason: oneCaller },
    );
    Validations.of(platform.website).acknowledge(
      { id: 'AwsSolutions-CFR1', reason: 'The shop delivers to every country.' },
      { id: 'AwsSolutions-CFR2', reason: 'Pictures and pages are files that anybody may see; a web ACL comes when attacks are seen.' },
    );
  }
}
