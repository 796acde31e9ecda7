import { IResolveContext } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** One Allow statement, in the order in which it shall be read. */
export interface PolicyGrant {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Record<string, Record<string, string | string[]>>;
}

/**
 * A policy document that stands in the template as it was written: the CDK would sort, merge or shorten its
 * statements by feature flags of the app, and the policy could no longer be compared with the one that was approved.
 */
export class VerbatimPolicyDocument extends PolicyDocument {
  constructor(private readonly grants: readonly PolicyGrant[]) {
    super({ statements: grants.map(policyStatement) });
  }

  public resolve(_context: IResolveContext): unknown {
    return this.toJSON();
  }

  public toJSON(): unknown {
    return { Version: '2012-10-17', Statement: this.grants.map(statementJson) };
  }
}

export function policyStatement({ sid, actions, resources, conditions }: PolicyGrant): PolicyStatement {
  return new PolicyStatement({ sid, actions: [...actions], resources: [...resources], conditions });
}

function statementJson({ sid, actions, resources, conditions }: PolicyGrant): Record<string, unknown> {
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource: resources.length === 1 && resources[0] === '*' ? '*' : resources,
    ...(conditions && { Condition: conditions }),
  };
}
