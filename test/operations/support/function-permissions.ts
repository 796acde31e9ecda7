import { Template } from 'aws-cdk-lib/assertions';
import { PolicyJson } from '../../bedrock/support/simulation';

/** The policies attached to a role whose logical id begins so, as CloudFormation deploys them: a reference is the logical id. */
export function policiesOfRole(template: Template, rolePrefix: string): PolicyJson[] {
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => Properties.Roles.some((role: { Ref?: string }) => role.Ref?.startsWith(rolePrefix)))
    .map(({ Properties }) => withNames(Properties.PolicyDocument) as PolicyJson);
}

interface Intrinsic {
  readonly 'Ref'?: string;
  readonly 'Fn::GetAtt'?: string[];
  readonly 'Fn::Join'?: [string, string[]];
}

const PSEUDO: Readonly<Record<string, string>> = { 'AWS::Partition': 'aws', 'AWS::Region': 'us-east-1', 'AWS::AccountId': '123456789012' };

/** Inner intrinsics first: references as ARNs by their logical id, so that a simulation can ask for them. */
function withNames(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null) return inner;
    const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = inner as Intrinsic;
    if (join) return join[1].join(join[0]);
    if (ref) return PSEUDO[ref] ?? (/Topic/.test(ref) ? `arn:aws:sns:us-east-1:123456789012:${ref}` : ref);
    return attribute ? arnOf(attribute[0]) : inner;
  });
}

function arnOf(logicalId: string): string {
  if (/LogGroup/.test(logicalId)) return `arn:aws:logs:us-east-1:123456789012:log-group:${logicalId}:*`;
  if (/Key/.test(logicalId)) return `arn:aws:kms:us-east-1:123456789012:key/${logicalId}`;
  return `arn:aws:lambda:us-east-1:123456789012:function:${logicalId}`;
}
