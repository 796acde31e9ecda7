import { Token } from 'aws-cdk-lib';
import { GUARDRAILS } from '../../contract/data';
import { ModelLocation } from '../../contract/model-reference';
import { BedrockGuardrailProfile } from '../../standards/guardrail-in-force';
import { TeachingErrors } from '../../standards/teaching-error';
import { bedrockArn, differs } from '../models/model-location';
import { requireRegion } from '../models/require-region';

const PROFILES: Readonly<Record<string, { partition: string; sources: readonly string[] }>> = GUARDRAILS.profiles;

/** Refuses a profile that a guardrail of the source Region cannot have, and one that leads nowhere. */
export function requireGuardrailProfile(profile: BedrockGuardrailProfile, source: ModelLocation, fault: TeachingErrors): void {
  const { profileId, destinationRegions, sourceRegions } = profile;
  if (!Token.isUnresolved(profileId)) requireProfileId(profile, source, fault);
  if (destinationRegions.length === 0) {
    throw fault({
      problem: 'the guardrail\'s profile leads nowhere',
      given: destinationRegions,
      allowed: 'at least one Region',
      fix: 'list the Regions of the profile, or leave it out',
    });
  }
  for (const region of [...destinationRegions, ...sourceRegions ?? []]) requireRegion(region, source, fault);
}

function requireProfileId({ profileId, sourceRegions }: BedrockGuardrailProfile, source: ModelLocation, fault: TeachingErrors): void {
  const [, geography] = /^([a-z0-9-]+)\.guardrail\.v[0-9:]+$/.exec(profileId) ?? [];
  if (!geography) {
    throw fault({
      problem: 'the guardrail has a profile of an unknown form',
      given: profileId,
      allowed: 'ids such as "us.guardrail.v1:0"',
      fix: 'give the id that the guardrail was made with',
    });
  }
  const known = PROFILES[geography] as typeof PROFILES[string] | undefined;
  if (!known && !sourceRegions) {
    throw fault({
      problem: 'the guardrail has a profile of an unknown geography',
      given: profileId,
      allowed: Object.keys(PROFILES).join(', '),
      fix: 'give the id that the guardrail was made with; where AWS offers it all the same, list its sourceRegions',
    });
  }
  if (known && differs(known.partition, source.partition)) {
    throw fault({
      problem: `the guardrail's profile exists only in the partition ${known.partition}`,
      given: profileId,
      allowed: `profiles of the partition ${source.partition}`,
      fix: 'give the id that the guardrail was made with',
    });
  }
  const sources = sourceRegions ?? known!.sources;
  if (Token.isUnresolved(source.region) || sources.includes(source.region)) return;
  throw fault({
    problem: `no guardrail of ${source.region} can have the profile`,
    given: profileId,
    allowed: `profiles "${geography}." for guardrails of ${sources.join(', ')}`,
    fix: 'give the id that the guardrail was made with; where AWS offers it all the same, list its sourceRegions',
  });
}

/** The profile in every Region that it may lead to. */
export function guardrailProfileArns({ profileId, destinationRegions }: BedrockGuardrailProfile, source: ModelLocation): string[] {
  const regions = [...new Set([source.region, ...destinationRegions])];
  return regions.map(region => bedrockArn({ ...source, region }, `guardrail-profile/${profileId}`));
}
