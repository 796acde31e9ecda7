import { CfnResource } from 'aws-cdk-lib';
import { allowStatements, attachedPolicies } from './statements';
import { allowsInvocation, policyAllowsInvocation } from '../../../contract/iam/model-invocation';
import { AppModel } from '../template/app-model';
import { branches, possibleTexts } from '../template/template-values';

const ROLE = 'AWS::IAM::Role';
const MANAGED_POLICY = 'AWS::IAM::ManagedPolicy';
const POLICIES_FOR_ROLES = ['AWS::IAM::Policy', MANAGED_POLICY, 'AWS::IAM::RolePolicy'];

/** A role of the app, or the name of one outside it. */
type RoleIdentity = CfnResource | string;

/** Whether the role that a property of a workload names may run a model or an endpoint, by whatever policy of the app gives it. */
export function roleMayInvoke(workload: CfnResource, roleProperty: string, app: AppModel): boolean {
  const role = roleOf(workload, roleProperty, app);
  if (role === undefined) return false;
  const sources = [...ownPolicies(role, app), ...policiesAttachedTo(role, app)];
  return sources.some(source => allowStatements(source, app)?.some(allowsInvocation))
    || (typeof role !== 'string' && attachedPolicies(role, app).some(policyAllowsInvocation));
}

function roleOf(workload: CfnResource, property: string, app: AppModel): RoleIdentity | undefined {
  const value = app.propertiesOf(workload)[property];
  if (value === undefined) return undefined;
  const role = app.referencedBy(workload, property[0].toLowerCase() + property.slice(1)) ?? app.target(workload.stack, value);
  if (role?.cfnResourceType === ROLE) return role;
  return roleNamed(lastPart(possibleTexts(value)[0]), app);
}

/** A role by name: also one of the app, when it was given that name. */
function roleNamed(name: string, app: AppModel): RoleIdentity {
  return app.resources(ROLE).find(role => app.propertiesOf(role).RoleName === name) ?? name;
}

function ownPolicies(role: RoleIdentity, app: AppModel): CfnResource[] {
  if (typeof role === 'string') return [];
  const managed = branches(app.propertiesOf(role).ManagedPolicyArns)
    .map(arn => app.target(role.stack, arn))
    .filter((policy): policy is CfnResource => policy?.cfnResourceType === MANAGED_POLICY);
  return [role, ...managed];
}

function policiesAttachedTo(role: RoleIdentity, app: AppModel): CfnResource[] {
  return POLICIES_FOR_ROLES.flatMap(type => app.resources(type)).filter(policy => isAttachedTo(policy, role, app));
}

function isAttachedTo(policy: CfnResource, role: RoleIdentity, app: AppModel): boolean {
  const { Roles, RoleName } = app.propertiesOf(policy);
  const names = [...branches(Roles), ...(policy.cfnResourceType === 'AWS::IAM::RolePolicy' ? branches(RoleName) : [])];
  return names.some(name => {
    const target = app.target(policy.stack, name);
    if (target) return target === role;
    const [text] = possibleTexts(name);
    return text === role || (typeof role !== 'string' && app.propertiesOf(role).RoleName === text);
  });
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
