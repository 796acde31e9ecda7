import { Stack, StackProps, Validations } from 'aws-cdk-lib';
import { FeaturePlan, Mfa, StandardThreatProtectionMode, UserPool } from 'aws-cdk-lib/aws-cognito';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Standards, TextGenerationPlatform } from 'cdk-plumbline';

/** The topic that the operators of the account are subscribed to. */
const ALARM_TOPIC = 'operators';

/** Summaries of articles, for the people of a newspaper, who sign in. */
export class TextPlatformStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const topicArn = this.formatArn({ service: 'sns', resource: ALARM_TOPIC });
    Standards.apply(this, { product: 'Newsroom', environment: 'prod', alarmTopic: Topic.fromTopicArn(this, 'Operators', topicArn) });
    const platform = new TextGenerationPlatform(this, 'Summaries', { userPool: this.createUserPool(), cloudWatchRole: true });
    Validations.of(platform.api).acknowledge(
      { id: 'AwsSolutions-APIG3', reason: 'The people of the house sign in; a web ACL comes when somebody else may call.' },
    );
    Validations.of(platform.website).acknowledge(
      { id: 'AwsSolutions-CFR1', reason: 'Our correspondents read and write in every country.' },
      { id: 'AwsSolutions-CFR2', reason: 'The pages are files without a secret; a web ACL comes when attacks are seen.' },
    );
  }

  /** Nobody signs up: people are invited. */
  private createUserPool(): UserPool {
    const users = new UserPool(this, 'Users', {
      signInAliases: { email: true },
      selfSignUpEnabled: false,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { sms: false, otp: true },
      passwordPolicy: { minLength: 14, requireLowercase: true, requireUppercase: true, requireDigits: true, requireSymbols: true },
      featurePlan: FeaturePlan.PLUS,
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
    });
    users.addClient('Pages', { authFlows: { userSrp: true }, preventUserExistenceErrors: true });
    return users;
  }
}
