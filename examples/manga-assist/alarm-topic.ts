import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** An encrypted topic that CloudWatch alarms of this account may publish to. */
export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string) {
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
    const masterKey = new Key(scope, `${id}Key`, { enableKeyRotation: true, description: 'Encrypts alarm notifications' });
    masterKey.grantEncryptDecrypt(cloudWatch);
    super(scope, id, { masterKey, enforceSSL: true });
    this.addToResourcePolicy(new PolicyStatement({
      effect: Effect.ALLOW,
      principals: [cloudWatch],
      actions: ['sns:Publish'],
      resources: [this.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    }));
  }
}
