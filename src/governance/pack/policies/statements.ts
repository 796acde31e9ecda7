import { CfnResource } from 'aws-cdk-lib';
import { AllowStatement } from '../../../contract/iam/model-invocation';
import { AppModel } from '../template/app-model';
import { branches, isRecord, JsonRecord, possibleTexts } from '../template/template-values';

const PRINCIPAL_TYPES = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];
const ATTACHED_TYPES = ['Policy', 'ManagedPolicy', 'RolePolicy', 'UserPolicy', 'GroupPolicy'].map(type => `AWS::IAM::${type}`);
const PERMISSION_SET = 'AWS::SSO::PermissionSet';

/** Every type of resource that gives permissions to a principal by a policy of its own. */
export const POLICY_TYPES = [...PRINCIPAL_TYPES, ...ATTACHED_TYPES, PERMISSION_SET];

/** Every type of resource that AWS managed policies are attached to. */
export const ATTACHING_TYPES = [...PRINCIPAL_TYPES, PERMISSION_SET];

/** The statements of a resource that allow something; undefined for a resource without policies. */
export function allowStatements(resource: CfnResource, app: AppModel): AllowStatement[] | undefined {
  if (!POLICY_TYPES.includes(resource.cfnResourceType)) return undefined;
  return documentsOf(resource.cfnResourceType, app.propertiesOf(resource))
    .flatMap(document => branches(document.Statement))
    .filter(isRecord)
    .filter(statement => statement.Effect !== 'Deny')
    .map(statement => textsOf(statement, resource, app));
}

/** The names or ARNs of managed policies that are attached to a resource. */
export function attachedPolicies(resource: CfnResource, app: AppModel): string[] {
  const properties = app.propertiesOf(resource);
  return [properties.ManagedPolicyArns, properties.ManagedPolicies].flatMap(list => texts(list, resource, app));
}

function documentsOf(type: string, properties: JsonRecord): JsonRecord[] {
  if (type === PERMISSION_SET) return branches(properties.InlinePolicy).map(parsed).filter(isRecord);
  if (ATTACHED_TYPES.includes(type)) return branches(properties.PolicyDocument).map(parsed).filter(isRecord);
  return branches(properties.Policies).filter(isRecord).flatMap(policy => branches(policy.PolicyDocument)).map(parsed).filter(isRecord);
}

/** A document may stand as JSON text. */
function parsed(document: unknown): unknown {
  if (typeof document !== 'string') return document;
  try {
    return JSON.parse(document);
  } catch {
    return undefined;
  }
}

function textsOf(statement: JsonRecord, resource: CfnResource, app: AppModel): AllowStatement {
  return {
    actions: texts(statement.Action, resource, app),
    notActions: texts(statement.NotAction, resource, app),
    resources: texts(statement.Resource, resource, app),
    notResources: texts(statement.NotResource, resource, app),
  };
}

function texts(value: unknown, { stack }: CfnResource, app: AppModel): string[] {
  const parameterValues = (id: string): string[] | undefined => {
    const parameter = app.parameter(stack, id);
    const known = [parameter?.default, ...parameter?.allowedValues ?? []].filter((text): text is string => typeof text === 'string');
    return known.length > 0 ? known : undefined;
  };
  return branches(value).flatMap(part => possibleTexts(part, parameterValues));
}
