import { Stack, Token } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-organizations';
import { Construct } from 'constructs';
import { Version, versionPatterns } from './version-patterns';
import { BEDROCK_ROLE, IAM_LIMITS } from '../../contract/data';
import { teachingError } from '../../standards/teaching-error';

const TARGET_ID = /^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|\d{12})$/;

/** Properties of a `VersionDenyScp`. */
export interface VersionDenyScpProps {
  /** The first version that is denied, for example `1.4.0`. */
  readonly from: string;

  /** The last version that is denied, for example `1.4.2`. */
  readonly to: string;

  /** The root, organisational units and accounts that the policy is attached to. */
  readonly targetIds: string[];

  /**
   * The name of the policy.
   *
   * @default - made of the versions, for example "deny-bedrock-to-plumbline-1.4.0-to-1.4.2"
   */
  readonly policyName?: string;
}

/**
 * A service control policy that denies Amazon Bedrock to roles whose version tag is in a range: the way to stop a bad
 * version of the library everywhere at once. Deploy it from the organisation's management account or a delegated administrator.
 *
 * Pre-releases such as `1.4.0-rc.1` count as outside a range that names them by number.
 *
 * Errors: a version that is not three numbers, a range that is empty, a target that is none, a policy over the size limit.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
export class VersionDenyScp extends Construct {
  /** The id of the policy. */
  public readonly policyId: string;

  constructor(scope: Construct, id: string, props: VersionDenyScpProps) {
    super(scope, id);
    const from = this.requireVersion('from', props.from);
    const to = this.requireVersion('to', props.to);
    const patterns = this.requirePatterns(from, to, props);
    this.requireTargets(props.targetIds);
    const policy = new CfnPolicy(this, 'Policy', {
      name: props.policyName ?? `deny-bedrock-to-plumbline-${props.from}-to-${props.to}`,
      description: `Denies Amazon Bedrock to roles made by cdk-plumbline ${props.from} to ${props.to}.`,
      type: 'SERVICE_CONTROL_POLICY',
      content: this.requireWithinLimit(serviceControlPolicy(patterns), props),
      targetIds: props.targetIds,
    });
    this.policyId = policy.attrId;
  }

  private requireVersion(prop: string, version: string): Version {
    const match = /^(0|[1-9]\d?)\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/.exec(version);
    if (!match) {
      throw teachingError(this, {
        problem: `VersionDenyScp: "${prop}" is no released version`,
        given: version,
        allowed: 'three numbers, at most 99.999.999, as the tag of the roles has them',
        fix: 'give the whole version, for example "1.4.0"',
      });
    }
    return [Number(match[1]), Number(match[2]), Number(match[3])];
  }

  private requirePatterns(from: Version, to: Version, props: VersionDenyScpProps): string[] {
    const patterns = versionPatterns(from, to);
    if (patterns.length === 0) {
      throw teachingError(this, {
        problem: 'VersionDenyScp: the range is empty',
        given: { from: props.from, to: props.to },
        allowed: '"from" at or before "to"; both are denied',
        fix: 'swap the two',
      });
    }
    return patterns;
  }

  private requireTargets(targetIds: string[]): void {
    const wrong = targetIds.find(target => !Token.isUnresolved(target) && !TARGET_ID.test(target));
    if (targetIds.length === 0 || wrong !== undefined) {
      throw teachingError(this, {
        problem: 'VersionDenyScp: there is nothing that the policy can be attached to',
        given: wrong ?? targetIds,
        allowed: 'ids of roots (r-…), organisational units (ou-…) and accounts, at least one',
        fix: 'name the organisational unit of the workloads',
      });
    }
  }

  private requireWithinLimit(content: unknown, { from, to }: VersionDenyScpProps): unknown {
    const characters = JSON.stringify(Stack.of(this).resolve(content)).length;
    if (characters > IAM_LIMITS.serviceControlPolicyCharacters) {
      throw teachingError(this, {
        problem: `VersionDenyScp: the policy would have ${characters} characters`,
        given: { from, to },
        allowed: `at most ${IAM_LIMITS.serviceControlPolicyCharacters} characters`,
        fix: 'use several VersionDenyScp, each for a part of the range',
      });
    }
    return content;
  }
}

function serviceControlPolicy(patterns: string[]): unknown {
  return {
    Version: '2012-10-17',
    Statement: [{
      Sid: 'DenyBedrockToVersions',
      Effect: 'Deny',
      Action: ['bedrock:*', 'bedrock-mantle:*'],
      Resource: '*',
      Condition: { StringLike: { [`aws:PrincipalTag/${BEDROCK_ROLE.versionTag}`]: patterns } },
    }],
  };
}
