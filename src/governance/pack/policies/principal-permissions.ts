import { allowStatements, attachedPolicies, managedPolicyValues, statementsOf } from './statements';
import { allowsInvocation, policyAllowsInvocation } from '../../../contract/iam/model-invocation';
import { canBothMatch, hasWildcard, UNKNOWN } from '../../../contract/iam/patterns';
import { isRecord } from '../../../contract/template/template-values';
import { AppModel } from '../template/app-model';
import { TemplateResource } from '../template/template';

const ROLE = 'AWS::IAM::Role';
const MANAGED_POLICY = 'AWS::IAM::ManagedPolicy';
const POLICIES_FOR_ROLES = ['AWS::IAM::Policy', MANAGED_POLICY, 'AWS::IAM::RolePolicy'];
const ASSUME_ROLE = 'sts:AssumeRole';

/** A principal that stands for every role of an account, or of all. */
const ACCOUNT = /^\*$|^\d{12}$|:root$/;

/** A role of the app, or the name of one outside it. A SAM resource without a role of its own stands for the role that SAM makes for it. */
type RoleIdentity = TemplateResource | string;

/** Whether the role that a property of a workload names may run a model or an endpoint, itself or by assuming another role of the app. */
export function roleMayInvoke(workload: TemplateResource, roleProperty: string, app: AppModel): boolean {
  return rolesOf(workload, roleProperty, app).some(role => mayInvoke(role, app));
}

/** Roles may assume each other in a chain, or in a circle. */
function mayInvoke(role: RoleIdentity, app: AppModel): boolean {
  const reached = new Set([role]);
  for (const one of reached) {
    if (mayInvokeItself(one, app)) return true;
    for (const other of rolesToAssume(one, app)) reached.add(other);
  }
  return false;
}

function mayInvokeItself(role: RoleIdentity, app: AppModel): boolean {
  return policiesOf(role, app).some(policy => allowStatements(policy, app)?.some(allowsInvocation))
    || (typeof role !== 'string' && attachedPolicies(role, app).some(policyAllowsInvocation));
}

function rolesOf(workload: TemplateResource, property: string, app: AppModel): RoleIdentity[] {
  const value = workload.properties[property];
  if (value === undefined) return workload.type.startsWith('AWS::Serverless::') ? [workload] : [];
  const referenced = app.referenced(workload, property).filter(({ type }) => type === ROLE);
  const named = app.texts(workload, value).map(lastPart).filter(name => !name.includes(UNKNOWN)).flatMap(name => rolesNamed(name, app));
  return [...referenced, ...named];
}

/** A role by name: also one of the app, when it was given that name. */
function rolesNamed(name: string, app: AppModel): RoleIdentity[] {
  const own = app.resources(ROLE).filter(role => namesOf(role, app).includes(name));
  return own.length > 0 ? own : [name];
}

function namesOf(role: TemplateResource, app: AppModel): string[] {
  return app.texts(role, role.properties.RoleName);
}

function policiesOf(role: RoleIdentity, app: AppModel): TemplateResource[] {
  const attached = app.once('policies by role', app, () => policiesByRole(app));
  if (typeof role === 'string') return attached.get(role) ?? [];
  const managed = managedPolicyValues(role).flatMap(list => app.targets(role, list)).filter(({ type }) => type === MANAGED_POLICY);
  return [role, ...managed, ...[role, ...namesOf(role, app)].flatMap(identity => attached.get(identity) ?? [])];
}

/** The policies that name their roles, by role and by role name. */
function policiesByRole(app: AppModel): Map<RoleIdentity, TemplateResource[]> {
  const found = new Map<RoleIdentity, TemplateResource[]>();
  for (const policy of POLICIES_FOR_ROLES.flatMap(type => app.resources(type))) {
    const { Roles, RoleName } = policy.properties;
    const roles = [Roles, RoleName].flatMap(value => identitiesIn(policy, value, app));
    for (const role of roles) found.set(role, [...found.get(role) ?? [], policy]);
  }
  return found;
}

function identitiesIn(policy: TemplateResource, value: unknown, app: AppModel): RoleIdentity[] {
  return [...app.targets(policy, value), ...app.texts(policy, value).filter(name => !name.includes(UNKNOWN))];
}

/** The roles of the app that a role may assume: its policies name them, and their trust policies let it. */
function rolesToAssume(role: RoleIdentity, app: AppModel): TemplateResource[] {
  if (typeof role === 'string') return [];
  const named = policiesOf(role, app).flatMap(policy => rolesNamedIn(policy, app));
  return [...new Set(named)].filter(other => other !== role && trusts(other, role, app));
}

function rolesNamedIn(policy: TemplateResource, app: AppModel): TemplateResource[] {
  return writtenStatements(policy, app)
    .filter(({ Effect, Action }) => app.texts(policy, Effect).some(effect => effect !== 'Deny')
      && app.texts(policy, Action).some(action => !action.includes(UNKNOWN) && canBothMatch(action, ASSUME_ROLE)))
    .flatMap(({ Resource }) => [
      ...app.targets(policy, Resource).filter(({ type }) => type === ROLE),
      ...app.resources(ROLE).filter(role => app.texts(policy, Resource).some(arn => mayBeArnOf(arn, role, app))),
    ]);
}

function writtenStatements(policy: TemplateResource, app: AppModel): ReturnType<typeof statementsOf> {
  const { PolicyDocument, Policies } = policy.properties;
  const inline = app.items(policy, Policies).filter(isRecord).map(item => item.PolicyDocument ?? item);
  return [PolicyDocument, ...inline].flatMap(document => statementsOf(document, policy, app));
}

/** The name that CloudFormation makes up for a role is matched by a wildcard only. */
function mayBeArnOf(arn: string, role: TemplateResource, app: AppModel): boolean {
  if (lastPart(arn).includes(UNKNOWN)) return false;
  const names = namesOf(role, app).filter(name => !name.includes(UNKNOWN));
  if (names.length > 0) return names.some(name => canBothMatch(arn, `arn:*:iam::*:role/${name}`));
  return hasWildcard(arn) && canBothMatch(arn, 'arn:*:iam::*:role/*');
}

function trusts(role: TemplateResource, caller: TemplateResource, app: AppModel): boolean {
  return statementsOf(role.properties.AssumeRolePolicyDocument, role, app).some(({ Principal }) => {
    const principals = isRecord(Principal) ? Principal.AWS : Principal;
    return app.targets(role, principals).includes(caller)
      || app.texts(role, principals).some(principal => ACCOUNT.test(principal) || mayBeArnOf(principal, caller, app));
  });
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
