import { runSimulation, runUnsafeSimulation, Simulation } from '@cloud-copilot/iam-simulate';

export const ACCOUNT = '123456789012';

/** A policy document as CloudFormation gets it, its tokens resolved. */
export interface PolicyJson {
  readonly Version: string;
  readonly Statement: StatementJson[];
}

export interface StatementJson {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: Record<string, Record<string, string | string[]>>;
}

/** What a principal asks of AWS. */
export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  readonly context?: Record<string, string | string[]>;
  /** The account that owns the resource. */
  readonly account?: string;
}

/** Whether the policies of one role allow the request. */
export function allows(policies: PolicyJson[], request: AccessRequest): boolean {
  const deciding = withStatementsFor(request.action, policies);
  // Most requests of a test over all actions: what no statement names is denied, and nobody needs the simulator to know it.
  if (deciding.every(({ Statement }) => Statement.length === 0) && request.action !== FREE_FOR_ALL) return false;
  return runUnsafeSimulation(simulationOf(deciding, request), {}) === 'Allowed';
}

/** AWS asks for no permission here. */
const FREE_FOR_ALL = 'sts:GetCallerIdentity';

/**
 * Without the statements about other actions only, each by its full name: they cannot decide, and the simulator takes most of
 * its time for their conditions.
 */
function withStatementsFor(action: string, policies: PolicyJson[]): PolicyJson[] {
  const mayDecide = ({ Action }: StatementJson): boolean => Action === undefined
    || [Action].flat().some(pattern => /[*?]/.test(pattern) || pattern.toLowerCase() === action.toLowerCase());
  return policies.map(policy => ({ ...policy, Statement: policy.Statement.filter(mayDecide) }));
}

/** The same, and an error where the policy or the request could not exist: unknown actions, wrong resource types, bad syntax. */
export async function allowsStrictly(policies: PolicyJson[], request: AccessRequest): Promise<boolean> {
  const resourcePolicy = request.action.startsWith('kms:') ? DEFAULT_KEY_POLICY : undefined;
  const result = await runSimulation({ ...simulationOf(policies, request), resourcePolicy }, {});
  if (result.resultType === 'error') throw new Error(`${request.action} on ${request.resource}: ${JSON.stringify(result.errors)}`);
  return result.overallResult === 'Allowed';
}

/** By itself a key lets nobody in: this is what AWS gives it, so that the account's IAM policies decide. */
const DEFAULT_KEY_POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
};

function simulationOf(policies: PolicyJson[], { action, resource, context, account }: AccessRequest): Simulation {
  return {
    request: {
      principal: `arn:aws:iam::${ACCOUNT}:role/task`,
      action,
      resource: { resource, accountId: account ?? ACCOUNT },
      contextVariables: context ?? {},
    },
    identityPolicies: policies.map((policy, index) => ({ name: `policy${index}`, policy })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
}
