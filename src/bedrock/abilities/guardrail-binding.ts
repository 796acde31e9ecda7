import { Token } from 'aws-cdk-lib';
import { BedrockGuardrail } from './bedrock-guardrail';
import { BedrockGuardrailProfile } from './bedrock-guardrail-profile';
import { checkRegion, Reject } from '../models/model-checks';
import { ModelLocation } from '../../contract/model-reference';
import { bedrockArn, differs } from '../models/model-location';
import { GrantConditions, PolicyGrant } from '../role/policy-grant';
import { BEDROCK_ROLE } from '../../contract/data';

const GUARDRAIL_ARN = /^arn:[^:]+:bedrock:[^:]+:[^:]+:guardrail\/[^:/*?]+$/;

/** Rejects what is no guardrail, or no version of one. */
export function checkGuardrail({ guardrailArn, version, profile }: BedrockGuardrail, reject: Reject): void {
  const isKnown = !Token.isUnresolved(guardrailArn) || guardrailArn.startsWith('arn:');
  if (isKnown && !GUARDRAIL_ARN.test(guardrailArn)) {
    reject('guardrail has no guardrail\'s ARN', guardrailArn, 'arn:<partition>:bedrock:<region>:<account>:guardrail/<id>', 'give guardrail.attrGuardrailArn of the CfnGuardrail');
  }
  if (!Token.isUnresolved(version) && !/^[1-9][0-9]{0,7}$/.test(version)) {
    reject('guardrail has no version that stays as it is', version, 'a number from 1', 'publish a version, and give guardrailVersion.attrVersion of the CfnGuardrailVersion');
  }
  if (profile) checkProfile(profile, reject);
}

function checkProfile({ profileId, destinationRegions }: BedrockGuardrailProfile, reject: Reject): void {
  if (!Token.isUnresolved(profileId) && !/^[a-z0-9-]+\.guardrail\.v[0-9:]+$/.test(profileId)) {
    reject('the guardrail has a profile of an unknown form', profileId, 'ids such as "us.guardrail.v1:0"', 'give the id that the guardrail was made with');
  }
  if (destinationRegions.length === 0) {
    reject('the guardrail\'s profile leads nowhere', destinationRegions, 'at least one Region', 'list the Regions of the profile, or leave it out');
  }
  for (const region of destinationRegions) checkRegion(region, reject);
}

/** Rejects Regions where the guardrail does not exist: a request names a guardrail of the Region it is made in. */
export function checkGuardrailRegion({ guardrailArn }: BedrockGuardrail, [own, fallback]: readonly ModelLocation[], reject: Reject): void {
  const region = guardrailArn.split(':')[3];
  if (region !== undefined && differs(own.region, region)) {
    reject(`the guardrail is not in the stack's Region (${own.region})`, guardrailArn, `a guardrail of ${own.region}`, 'create the guardrail in the stack\'s Region');
  }
  if (fallback) {
    reject(`a guardrail belongs to one Region, and requests in the fallback Region (${fallback.region}) could not name it`, { allowCrossRegion: true },
      'a guardrail without allowCrossRegion; a geographic profile routes between Regions under the guardrail of its source Region',
      'set allowCrossRegion to false, and name a geographic profile, for example "us.anthropic.claude-haiku-4-5-20251001-v1:0"');
  }
}

/** What binds an invocation to the guardrail. */
export function guardrailConditions({ guardrailArn, version }: BedrockGuardrail): GrantConditions {
  return { StringEquals: { 'bedrock:GuardrailIdentifier': `${guardrailArn}:${version}` } };
}

/** Applying the guardrail, and its profile in every Region that the profile leads to. */
export function guardrailGrant({ guardrailArn, profile }: BedrockGuardrail, own: ModelLocation): PolicyGrant {
  const regions = profile ? [...new Set([own.region, ...profile.destinationRegions])] : [];
  const profiles = regions.map(region => bedrockArn({ ...own, region }, `guardrail-profile/${profile!.profileId}`));
  return { ...BEDROCK_ROLE.statements.guardrail, resources: [guardrailArn, ...profiles] };
}
