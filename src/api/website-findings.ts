import { Validations } from 'aws-cdk-lib';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import { BucketDeployment } from 'aws-cdk-lib/aws-s3-deployment';
import { acknowledgeLate } from '../standards/late-values/acknowledge-late';
import { resolvedTexts } from '../standards/late-values/resolved-text';
import { resolvedProperties } from '../standards/resolved-properties';

const MADE_BY_THE_CDK = 'The CDK\'s own function, which copies pages when the stack is deployed: its role and runtime are the CDK\'s.';
const BASIC_EXECUTION = 'arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

/** The name that CloudFront gives has CloudFront's certificate, whose oldest TLS version nobody can choose. */
export function acknowledgeDefaultCertificate(distribution: Distribution): void {
  Validations.of(distribution).acknowledge({
    id: 'AwsSolutions-CFR4',
    reason: 'The distribution has no domain name of its own: CloudFront chooses the TLS versions of its own names.',
  });
}

/**
 * The function is one for all deployments of the stack, and each of them adds to its role's policy, with wildcards: they are read when
 * the template is made.
 */
export function acknowledgePageDeployment({ handlerRole }: BucketDeployment): void {
  const fn = handlerRole.node.scope!;
  acknowledgeLate(fn, () => ({ 'AwsSolutions-L1': MADE_BY_THE_CDK }));
  acknowledgeLate(handlerRole, () => ({ [`AwsSolutions-IAM4[Policy::${BASIC_EXECUTION}]`]: MADE_BY_THE_CDK }));
  for (const policy of handlerRole.node.findAll().filter(CfnPolicy.isCfnPolicy)) {
    acknowledgeLate(policy, () => Object.fromEntries(wildcardsOf(policy).map(found => [`AwsSolutions-IAM5[${found}]`, MADE_BY_THE_CDK])));
  }
}

interface Statement {
  readonly Action?: unknown;
  readonly Resource?: unknown;
}

function wildcardsOf(policy: CfnPolicy): string[] {
  const { Statement } = resolvedProperties(policy).PolicyDocument as { readonly Statement: readonly Statement[] };
  return Statement.flatMap(({ Action, Resource }) => [
    ...wildcardsIn(policy, Action).map(action => `Action::${action}`),
    ...wildcardsIn(policy, Resource).map(resource => `Resource::${resource}`),
  ]);
}

function wildcardsIn(policy: CfnPolicy, values: unknown): string[] {
  const texts = [resolvedTexts(policy, values)].flat() as string[];
  return texts.filter(text => text.includes('*'));
}
