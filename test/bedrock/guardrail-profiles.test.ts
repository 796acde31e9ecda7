import { App, Stack } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { ACCOUNT } from './support/simulation';
import guardrails from '../../contract/guardrails.json';
import { BedrockGuardrailProfile, BedrockTaskRole } from '../../src';

const GEOGRAPHIES = Object.entries(guardrails.profiles);

/** A role of the Region, under a guardrail with this profile. */
function roleIn(region: string | undefined, partition: string, profile: BedrockGuardrailProfile): BedrockTaskRole {
  const stack = new Stack(new App(), 'Stack', region ? { env: { account: ACCOUNT, region } } : {});
  const guardrailArn = `arn:${partition}:bedrock:${stack.region}:${ACCOUNT}:guardrail/gr1`;
  const guardrail = { guardrailArn, version: '1', profile };
  return new BedrockTaskRole(stack, 'Role', { allowedModels: ['amazon.nova-pro-v1:0'], guardrail });
}

const profileOf = (geography: string, region: string): BedrockGuardrailProfile =>
  ({ profileId: `${geography}.guardrail.v1:0`, destinationRegions: [region] });

describe.each(GEOGRAPHIES)('the guardrail profile "%s."', (geography, { partition, sources }) => {
  test.each(sources)('is one of guardrails of %s', region => {
    expect(() => roleIn(region, partition, profileOf(geography, region))).not.toThrow();
  });

  test('exists in Regions of its partition alone', () => {
    expect(sources.filter(region => (RegionInfo.get(region).partition ?? partition) !== partition)).toEqual([]);
  });

  test('is none of guardrails of any other Region', () => {
    const regions = partition === 'aws' ? ['us-east-1', 'eu-west-1', 'ap-northeast-1', 'sa-east-1'] : ['us-gov-north-1'];
    const others = regions.filter(region => !sources.includes(region));
    for (const region of others) {
      expect(() => roleIn(region, partition, profileOf(geography, region))).toThrow(`no guardrail of ${region} can have the profile`);
    }
  });
});

test('a Region that AWS opened since is listed in sourceRegions', () => {
  const profile = profileOf('us', 'us-east-1');
  expect(() => roleIn('mx-central-1', 'aws', profile)).toThrow(/list its sourceRegions/);
  expect(() => roleIn('mx-central-1', 'aws', { ...profile, sourceRegions: ['mx-central-1'] })).not.toThrow();
  expect(() => roleIn('mx-central-1', 'aws', { ...profile, sourceRegions: ['us-east-1'] })).toThrow(/no guardrail of mx-central-1/);
});

test('a geography that AWS opened since, too', () => {
  const profile = { profileId: 'za.guardrail.v1:0', destinationRegions: ['af-south-1'] };
  expect(() => roleIn('af-south-1', 'aws', profile)).toThrow(/unknown geography/);
  expect(() => roleIn('af-south-1', 'aws', { ...profile, sourceRegions: ['af-south-1'] })).not.toThrow();
});

test('where the Region is known at deployment only, any profile may be the right one', () => {
  expect(() => roleIn(undefined, 'aws', profileOf('eu', 'eu-west-1'))).not.toThrow();
});
