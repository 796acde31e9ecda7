import { Stack, Token, TokenComparison } from 'aws-cdk-lib';
import { IIdentity, IPrincipal, LazyRole, Policy, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { resolvedTexts } from '../late-values/resolved-text';
import { warnAtSynth } from '../warnings';

/** The role, user or group behind a principal; undefined for a principal that holds no policies, such as a service. */
export function tryIdentity(principal: IPrincipal): IIdentity | undefined {
  return Construct.isConstruct(principal) && 'attachInlinePolicy' in principal ? principal as unknown as IIdentity : undefined;
}

/**
 * Whether the CDK attaches a policy of `scope` to an identity, or lists it in its report for one that was created before.
 *
 * It does neither for a role that is imported as immutable, or belongs to another account. No public property tells, so
 * the identity is offered a policy and shows by what it does.
 */
export function takesPolicies(identity: IIdentity, scope: IConstruct = identity): boolean {
  if (identity instanceof LazyRole) return true;
  if (tryForeignAccount(identity, scope) !== undefined) return false;
  const offer = new Offer(scope as Construct, 'PolicyOffer');
  identity.attachInlinePolicy(offer);
  scope.node.tryRemoveChild(offer.node.id);
  return offer.isTaken;
}

/**
 * The account of an identity, where it is another than that of the policies of `scope`: there IAM would take a namesake for it.
 */
export function tryForeignAccount({ principalAccount }: IIdentity, scope: IConstruct): string | undefined {
  const isForeign = Token.compareStrings(Stack.of(scope).account, principalAccount ?? '') === TokenComparison.DIFFERENT;
  return isForeign ? principalAccount : undefined;
}

/** Attaches a policy where the CDK would. Elsewhere it stays out of the template, and a warning tells its statements. */
export function offerPolicy(identity: IIdentity, policy: Policy): void {
  const { scope } = policy.node;
  if (takesPolicies(identity, scope)) identity.attachInlinePolicy(policy);
  else warnOfMissingStatements(scope!, (policy.document.toJSON() as { Statement: unknown[] }).Statement);
}

/** Tells what somebody must add by hand, since this app may not. */
export function warnOfMissingStatements(scope: IConstruct, statements: readonly unknown[]): void {
  warnAtSynth(scope, () => [{
    id: 'statementsNotAttached',
    message: 'The CDK attaches no policy here: what should hold it is imported as immutable, of another account, or without a role in ' +
      `this app. Add these statements to its policies by hand: ${JSON.stringify(resolvedTexts(scope, statements))}`,
  }]);
}

/** A policy without statements, which is never in a template. */
class Offer extends Policy {
  private hasHolder = false;

  constructor(scope: Construct, id: string) {
    super(scope, id, { document: new OfferedDocument() });
  }

  public get isTaken(): boolean {
    return this.hasHolder || (this.document as OfferedDocument).isRead;
  }

  public attachToRole(): void {
    this.hasHolder = true;
  }

  public attachToUser(): void {
    this.hasHolder = true;
  }

  public attachToGroup(): void {
    this.hasHolder = true;
  }
}

/** The CDK reads a policy for a pre-created role into its report at once. */
class OfferedDocument extends PolicyDocument {
  public isRead = false;

  public toJSON(): unknown {
    this.isRead = true;
    return super.toJSON();
  }
}
