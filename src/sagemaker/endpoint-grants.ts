import { Stack, Token } from 'aws-cdk-lib';
import { Grant, IGrantable, IIdentity, Policy } from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { Serving } from './serving';
import { offerPolicy, takesPolicies, tryIdentity, warnOfMissingStatements } from '../standards/identities/policy-offer';
import { acknowledgeWildcards } from '../standards/late-values/acknowledge-wildcards';
import { requireNoHiddenWildcards } from '../standards/late-values/hidden-wildcards';
import { teachingError } from '../standards/teaching-error';

/** An endpoint, and how it serves. */
interface Invocable {
  readonly endpoint: IConstruct;
  /** The endpoint, and what else a call names. */
  readonly arns: string[];
  readonly serving: Serving;
}

/**
 * Lets an identity invoke an endpoint, and reach the payloads of an asynchronous one. SageMaker endpoints have no resource policy: only
 * an identity of the endpoint's own account can be let in, by a policy of its own. One that takes none, such as a role imported with
 * `mutable: false`, stays as it is, and a warning holds the statements to add by hand.
 */
export function grantInvokeEndpoint({ endpoint, arns, serving }: Invocable, grantee: IGrantable): Grant {
  requireOwnAccount(endpoint, grantee);
  const actions = [...serving.invokeActions];
  const grant = Grant.addToPrincipal({ grantee, actions, resourceArns: arns });
  const identity = tryIdentity(grantee.grantPrincipal);
  if (identity && !takesPolicies(identity)) {
    const payloads = serving.callerStatements.map(statement => statement.toStatementJson());
    const resource = arns.length === 1 ? arns[0] : arns;
    warnOfMissingStatements(endpoint, [{ Effect: 'Allow', Action: actions, Resource: resource }, ...payloads]);
    return grant;
  }
  if (!grant.success) {
    throw teachingError(endpoint, {
      problem: 'The grantee takes no policies, and a SageMaker endpoint has no resource policy either',
      given: grantee.grantPrincipal.policyFragment.principalJson,
      allowed: 'roles, users and groups, and what runs under a role, such as a function',
      fix: 'grant the role under which the endpoint is called',
    });
  }
  if (identity) grantPayloads(endpoint, serving, identity);
  else for (const statement of serving.callerStatements) grantee.grantPrincipal.addToPrincipalPolicy(statement);
  return grant;
}

/** A policy of its own, so that its wildcards are acknowledged and nobody else's are. */
function grantPayloads(endpoint: IConstruct, { callerStatements, payloads }: Serving, identity: IIdentity): void {
  const id = `Payloads${endpoint.node.addr.slice(2, 10)}`;
  if (callerStatements.length === 0 || identity.node.tryFindChild(id)) return;
  const policy = new Policy(identity as unknown as Construct, id, { statements: [...callerStatements] });
  offerPolicy(identity, policy);
  requireNoHiddenWildcards(policy, payloads);
  acknowledgeWildcards(policy, payloads, 'The payloads of one endpoint: their names are made as requests come.');
}

function requireOwnAccount(endpoint: IConstruct, { grantPrincipal: { principalAccount } }: IGrantable): void {
  const { account } = Stack.of(endpoint);
  if (Token.isUnresolved(account) || Token.isUnresolved(principalAccount) || [undefined, account].includes(principalAccount)) return;
  throw teachingError(endpoint, {
    problem: 'A principal of another account cannot be let in: a SageMaker endpoint has no resource policy',
    given: principalAccount,
    allowed: `roles, users and groups of the account ${account}`,
    fix: 'grant a role of the endpoint\'s account, and let the other account assume it',
  });
}
