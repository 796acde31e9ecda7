import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ITopic } from 'aws-cdk-lib/aws-sns';

/** What a function needs to tell a topic; of an encrypted one the key, too: SNS uses it in the name of whoever publishes. */
export function tellStatements(topic: ITopic): PolicyStatement[] {
  return [
    new PolicyStatement({ sid: 'Tell', actions: ['sns:Publish'], resources: [topic.topicArn] }),
    ...topic.masterKey
      ? [new PolicyStatement({ sid: 'EncryptIt', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [topic.masterKey.keyArn] })]
      : [],
  ];
}
