import { IResolveContext } from 'aws-cdk-lib';
import { Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { PolicyGrant } from '../models/policy-grant';

/** A grant as it stands in a policy document. */
export function statementJson({ sid, effect, actions, resources, conditions }: PolicyGrant): Record<string, unknown> {
  return {
    Sid: sid,
    Effect: effect ?? 'Allow',
    Action: actions,
    Resource: resources.length === 1 && resources[0] === '*' ? '*' : resources,
    ...(conditions && { Condition: conditions }),
  };
}

/** A policy document of exactly these grants. */
export function policyDocument(grants: readonly PolicyGrant[]): PolicyDocument {
  return new VerbatimPolicyDocument(grants);
}

/** Grants that share a sid get it with a number: sids are unique in a document. */
export function withUniqueSids(grants: readonly PolicyGrant[]): PolicyGrant[] {
  const seen = new Map<string, number>();
  return grants.map(grant => {
    const count = (seen.get(grant.sid) ?? 0) + 1;
    seen.set(grant.sid, count);
    return count === 1 ? grant : { ...grant, sid: `${grant.sid}${count}` };
  });
}

/**
 * A policy document that stands in the template as it was written: the CDK would sort, merge or shorten its
 * statements by feature flags of the app, and the policy could no longer be compared with the one that was approved.
 */
class VerbatimPolicyDocument extends PolicyDocument {
  constructor(private readonly grants: readonly PolicyGrant[]) {
    super({
      statements: grants.map(({ sid, effect, actions, resources, conditions }) =>
        new PolicyStatement({
          sid, effect: effect && Effect.DENY, actions: [...actions], resources: [...resources], conditions,
        })),
    });
  }

  public resolve(_context: IResolveContext): unknown {
    return this.toJSON();
  }

  /** A copy: the CDK writes readable names into what it takes for its report of policies. */
  public toJSON(): unknown {
    return structuredClone({ Version: '2012-10-17', Statement: this.grants.map(statementJson) });
  }
}
