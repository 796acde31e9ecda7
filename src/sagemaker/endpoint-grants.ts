import { Stack, Token } from 'aws-cdk-lib';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { BEDROCK_ROLE } from '../contract/data';
import { takesPolicies, tryIdentity, warnOfMissingStatements } from '../standards/identities/policy-offer';
import { teachingError } from '../standards/teaching-error';

/**
 * Lets an identity invoke an endpoint. SageMaker endpoints have no resource policy: only an identity of the endpoint's own account
 * can be let in, by a policy of its own. One that takes none, such as a role imported with `mutable: false`, stays as it is, and a
 * warning holds the statement to add by hand.
 */
export function grantInvokeEndpoint(endpoint: IConstruct, endpointArn: string, grantee: IGrantable): Grant {
  requireOwnAccount(endpoint, grantee);
  const { actions } = BEDROCK_ROLE.statements.invokeEndpoint;
  const grant = Grant.addToPrincipal({ grantee, actions: [...actions], resourceArns: [endpointArn] });
  const identity = tryIdentity(grantee.grantPrincipal);
  if (identity && !takesPolicies(identity)) {
    warnOfMissingStatements(endpoint, [{ Effect: 'Allow', Action: actions, Resource: endpointArn }]);
    return grant;
  }
  if (grant.success) return grant;
  throw teachingError(endpoint, {
    problem: 'The grantee takes no policies, and a SageMaker endpoint has no resource policy either',
    given: grantee.grantPrincipal.policyFragment.principalJson,
    allowed: 'roles, users and groups, and what runs under a role, such as a function',
    fix: 'grant the role under which the endpoint is called',
  });
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
