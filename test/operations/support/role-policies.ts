import { Template } from 'aws-cdk-lib/assertions';
import { deployed } from '../../bedrock/support/deployed';
import { ACCOUNT, PolicyJson } from '../../bedrock/support/simulation';

const IN_PLACE = `us-east-1:${ACCOUNT}`;

/** ARNs by the type of a resource, whose name is its logical id. */
const ARNS: Readonly<Record<string, (name: string) => string>> = {
  'AWS::DynamoDB::Table': name => `arn:aws:dynamodb:${IN_PLACE}:table/${name}`,
  'AWS::Events::EventBus': name => `arn:aws:events:${IN_PLACE}:event-bus/${name}`,
  'AWS::IAM::Role': name => `arn:aws:iam::${ACCOUNT}:role/${name}`,
  'AWS::KMS::Key': name => `arn:aws:kms:${IN_PLACE}:key/${name}`,
  'AWS::Lambda::Function': name => `arn:aws:lambda:${IN_PLACE}:function:${name}`,
  'AWS::Logs::LogGroup': name => `arn:aws:logs:${IN_PLACE}:log-group:${name}:*`,
  'AWS::S3::Bucket': name => `arn:aws:s3:::${name}`,
  'AWS::SQS::Queue': name => `arn:aws:sqs:${IN_PLACE}:${name}`,
  'AWS::SNS::Topic': name => `arn:aws:sns:${IN_PLACE}:${name}`,
};

/** What a reference to them gives is an ARN. */
const REFERRED_BY_ARN: Readonly<Record<string, (name: string) => string>> = {
  'AWS::Lambda::Alias': name => `${ARNS['AWS::Lambda::Function'](name)}:live`,
  'AWS::SNS::Topic': ARNS['AWS::SNS::Topic'],
};

/**
 * All that is attached to a role, as CloudFormation deploys it.
 *
 * Errors: a managed policy, whose statements are elsewhere; an ARN of a resource that is not known here.
 */
export function rolePolicies(template: Template, roleId: string): PolicyJson[] {
  const resources = (template.toJSON() as { Resources: Record<string, { Type: string; Properties?: any }> }).Resources;
  const { ManagedPolicyArns, Policies = [] } = resources[roleId].Properties;
  if (ManagedPolicyArns) throw new Error(`${roleId} has managed policies: ${JSON.stringify(ManagedPolicyArns)}`);
  const attached = Object.values(resources).filter(({ Type, Properties }) =>
    Type === 'AWS::IAM::Policy' && (Properties.Roles as { Ref?: string }[]).some(role => role.Ref === roleId));
  const documents = [...Policies, ...attached.map(({ Properties }) => Properties)].map(({ PolicyDocument }) => PolicyDocument);
  const pseudo = { 'AWS::Partition': 'aws', 'AWS::Region': 'us-east-1', 'AWS::AccountId': ACCOUNT };
  return documents.map(document => deployed(withArns(document, resources), pseudo) as PolicyJson);
}

/** The same of the role whose logical id begins so. */
export function policiesOfRole(template: Template, rolePrefix: string): PolicyJson[] {
  const roles = Object.keys(template.findResources('AWS::IAM::Role')).filter(id => id.startsWith(rolePrefix));
  if (roles.length !== 1) throw new Error(`Not one role begins with ${rolePrefix}: ${JSON.stringify(roles)}`);
  return rolePolicies(template, roles[0]);
}

function withArns(value: unknown, resources: Record<string, { Type: string }>): unknown {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) => {
    const { Ref: ref, 'Fn::GetAtt': attribute } = (inner ?? {}) as { 'Ref'?: string; 'Fn::GetAtt'?: [string, string] };
    if (attribute) return arnOf(attribute, resources);
    if (ref === undefined || !Object.hasOwn(resources, ref)) return inner;
    return REFERRED_BY_ARN[resources[ref].Type]?.(ref) ?? ref;
  });
}

function arnOf([id, name]: [string, string], resources: Record<string, { Type: string }>): string {
  const { Type } = resources[id];
  if (name === 'Arn' && Object.hasOwn(ARNS, Type)) return ARNS[Type](id);
  throw new Error(`What ${id}.${name} of ${Type} looks like is not known here`);
}
