import { Token } from 'aws-cdk-lib';
import { AbilityContext } from './ability';
import { guardrailProfileArns, requireGuardrailProfile } from './guardrail-profile';
import { BEDROCK_ROLE, GUARDRAILS } from '../../contract/data';
import { ModelLocation } from '../../contract/model-reference';
import { BedrockGuardrailProfile } from '../../standards/guardrail-in-force';
import { TeachingErrors } from '../../standards/teaching-error';
import { differs } from '../models/model-location';
import { GrantConditions, PolicyGrant } from '../models/policy-grant';

/**
 * The guardrail that every invocation stands under.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html
 */
export interface BedrockGuardrail {
  /** The guardrail's ARN, without a version. */
  readonly guardrailArn: string;

  /** The guardrail's version: a number. The draft is no version, because anyone who may edit it changes what is enforced. */
  readonly version: string;

  /**
   * The guardrail profile that the guardrail was made with. Without it, a guardrail that works across Regions cannot be applied.
   *
   * @default - the guardrail works in its own Region
   */
  readonly profile?: BedrockGuardrailProfile;
}

/** The guardrails of a role, as its permissions name them. */
export interface Guardrails {
  readonly guardrail?: BedrockGuardrail;
  readonly guardrailInFallbackRegion?: BedrockGuardrail;
}

const GUARDRAIL_ARN = /^arn:[^:*?]+:bedrock:[^:*?]+:[^:*?]+:guardrail\/[^:/*?]+$/;

/** Refuses what is no guardrail, and a Region without one: a request names a guardrail of the Region it is made in. */
export function requireGuardrails({ guardrail, guardrailInFallbackRegion }: Guardrails, context: AbilityContext): void {
  const { sources: [own, fallback], fault } = context;
  if (guardrailInFallbackRegion && !(guardrail && fallback)) {
    throw fault({
      problem: 'guardrailInFallbackRegion is given, and no request would name it',
      given: { guardrail: guardrail?.guardrailArn, requestsIn: context.sources.map(({ region }) => region) },
      allowed: 'guardrailInFallbackRegion together with guardrail and allowCrossRegion: true, in a stack outside of the fallback Region',
      fix: 'give guardrail and set allowCrossRegion: true, or remove guardrailInFallbackRegion',
    });
  }
  if (!guardrail) return;
  requireGuardrailOf(own, 'the stack\'s Region', guardrail, fault);
  requireGuardrail('guardrail', guardrail, own, fault);
  if (!fallback) return;
  if (!guardrailInFallbackRegion) {
    throw fault({
      problem: `a guardrail belongs to one Region, and requests in the fallback Region (${fallback.region}) could not name it`,
      given: { allowCrossRegion: true },
      allowed: 'allowCrossRegion with a guardrail of each Region; ' +
        'without allowCrossRegion, a geographic profile routes between Regions under the guardrail of its source Region',
      fix: `add guardrailInFallbackRegion with a guardrail of ${fallback.region}, or set allowCrossRegion to false ` +
        'and name a geographic profile, for example "us.anthropic.claude-haiku-4-5-20251001-v1:0"',
    });
  }
  requireGuardrailOf(fallback, 'the fallback Region', guardrailInFallbackRegion, fault);
  requireGuardrail('guardrailInFallbackRegion', guardrailInFallbackRegion, fallback, fault);
}

/** Refuses what is no guardrail's ARN. A token passes: CloudFormation would refuse another. */
export function requireGuardrailArn(prop: string, guardrailArn: string, fault: TeachingErrors): void {
  const isKnown = !Token.isUnresolved(guardrailArn) || guardrailArn.startsWith('arn:');
  if (!isKnown || GUARDRAIL_ARN.test(guardrailArn)) return;
  throw fault({
    problem: `${prop} has no guardrail's ARN`,
    given: guardrailArn,
    allowed: 'arn:<partition>:bedrock:<region>:<account>:guardrail/<id>',
    fix: 'give guardrail.attrGuardrailArn of the CfnGuardrail',
  });
}

function requireGuardrail(
  prop: keyof Guardrails, { guardrailArn, version, profile }: BedrockGuardrail, source: ModelLocation, fault: TeachingErrors,
): void {
  requireGuardrailArn(prop, guardrailArn, fault);
  requireGuardrailVersion(prop, version, fault);
  if (profile) requireGuardrailProfile(profile, source, fault);
}

/** Refuses what is no published version. */
export function requireGuardrailVersion(prop: string, version: string, fault: TeachingErrors): void {
  if (!Token.isUnresolved(version) && !/^[1-9][0-9]{0,7}$/.test(version)) {
    throw fault({
      problem: `${prop} has no version that stays as it is`,
      given: version,
      allowed: 'a number from 1',
      fix: 'publish a version, and give guardrailVersion.attrVersion of the CfnGuardrailVersion',
    });
  }
}

function requireGuardrailOf({ region }: ModelLocation, place: string, { guardrailArn }: BedrockGuardrail, fault: TeachingErrors): void {
  const given = guardrailArn.split(':')[3];
  if (given === undefined || !differs(region, given)) return;
  throw fault({
    problem: `the guardrail is not in ${place} (${region})`,
    given: guardrailArn,
    allowed: `a guardrail of ${region}`,
    fix: `create the guardrail in ${place}`,
  });
}

/** The guardrail in this version, as an invocation names it. */
export function guardrailIdentifier({ guardrailArn, version }: BedrockGuardrail): string {
  return `${guardrailArn}:${version}`;
}

/** What binds an invocation to the guardrail. */
export function guardrailConditions(guardrail: BedrockGuardrail): GrantConditions {
  return { StringEquals: { [GUARDRAILS.conditionKey]: guardrailIdentifier(guardrail) } };
}

/** Applying the guardrail of each Region, and its profile in every Region that the profile leads to. */
export function guardrailGrants({ guardrail, guardrailInFallbackRegion }: Guardrails, sources: readonly ModelLocation[]): PolicyGrant[] {
  const resources = [guardrail, guardrailInFallbackRegion].flatMap((given, index) => (given ? guardrailArns(given, sources[index]) : []));
  return resources.length === 0 ? [] : [{ ...BEDROCK_ROLE.statements.guardrail, resources }];
}

function guardrailArns({ guardrailArn, profile }: BedrockGuardrail, source: ModelLocation): string[] {
  return [guardrailArn, ...profile ? guardrailProfileArns(profile, source) : []];
}
