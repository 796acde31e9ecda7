import { parsedDocument } from './policy-text';
import { AllowStatement } from '../../../contract/iam/model-invocation';
import { isRecord, JsonRecord } from '../../../contract/template/template-values';
import { AppModel } from '../template/app-model';
import { TemplateResource } from '../template/template';

const PRINCIPAL_TYPES = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];
const ATTACHED_TYPES = ['Policy', 'ManagedPolicy', 'RolePolicy', 'UserPolicy', 'GroupPolicy'].map(name => `AWS::IAM::${name}`);
const PERMISSION_SET = 'AWS::SSO::PermissionSet';

/** SAM makes a role for each of these, from the policies in its `Policies`: documents, names, ARNs and SAM's own templates. */
const SAM_TYPES = ['AWS::Serverless::Function', 'AWS::Serverless::StateMachine'];

/** Every type of resource that gives permissions to a principal by a policy of its own. */
const POLICY_TYPES = [...PRINCIPAL_TYPES, ...ATTACHED_TYPES, PERMISSION_SET, ...SAM_TYPES];

/** Every type of resource that AWS managed policies are attached to. */
export const ATTACHING_TYPES = [...PRINCIPAL_TYPES, PERMISSION_SET, ...SAM_TYPES];

/** The statements of a resource that allow something; undefined for a resource without policies. */
export function allowStatements(resource: TemplateResource, app: AppModel): AllowStatement[] | undefined {
  if (!POLICY_TYPES.includes(resource.type)) return undefined;
  return app.once('statements', resource, () => documentsOf(resource, app)
    .flatMap(document => statementsOf(document, resource, app))
    .filter(statement => app.texts(resource, statement.Effect).some(effect => effect !== 'Deny'))
    .map(statement => textsOf(statement, resource, app)));
}

/** The statements of a document, as they are written. */
export function statementsOf(document: unknown, resource: TemplateResource, app: AppModel): JsonRecord[] {
  return app.items(resource, document).map(parsedDocument).filter(isRecord)
    .flatMap(({ Statement }) => app.items(resource, Statement)).filter(isRecord);
}

/** The values of a resource's lists of managed policies: names, ARNs and references. */
export function managedPolicyValues({ type, properties }: TemplateResource): unknown[] {
  return [properties.ManagedPolicyArns, properties.ManagedPolicies, ...(SAM_TYPES.includes(type) ? [properties.Policies] : [])];
}

/** The names or ARNs of managed policies that are attached to a resource. */
export function attachedPolicies(resource: TemplateResource, app: AppModel): string[] {
  return managedPolicyValues(resource).flatMap(list => app.texts(resource, list));
}

function documentsOf(resource: TemplateResource, app: AppModel): unknown[] {
  const { type, properties } = resource;
  if (type === PERMISSION_SET) return [properties.InlinePolicy];
  if (ATTACHED_TYPES.includes(type)) return [properties.PolicyDocument];
  const policies = app.items(resource, properties.Policies).filter(isRecord);
  return SAM_TYPES.includes(type) ? policies : policies.map(policy => policy.PolicyDocument);
}

/** Most statements have nothing to do with models: their resources are never asked for. */
function textsOf(statement: JsonRecord, resource: TemplateResource, app: AppModel): AllowStatement {
  return {
    actions: app.texts(resource, statement.Action),
    notActions: app.texts(resource, statement.NotAction),
    get resources() {
      return app.texts(resource, statement.Resource);
    },
    get notResources() {
      return app.texts(resource, statement.NotResource);
    },
  };
}
