// eslint-disable-next-line import/no-extraneous-dependencies -- the data that the SDK's clients bring
import { partition } from '@aws-sdk/core/client';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { isKnownRegion, isRegion, partitionOf } from '../../src/contract/regions';

const regions = RegionInfo.regions.filter(({ partition: name }) => name !== undefined);

test.each(regions.map(({ name }) => name))('%s is a Region', name => {
  expect(isRegion(name)).toBe(true);
});

test.each(['useast1', 'us-east-1.evil.example', 'US-EAST-1', 'us-east-1/', '*', '', 'us-east', 'us-east-', 'us-east-1\n'])(
  '%j is none',
  text => {
    expect(isRegion(text)).toBe(false);
  },
);

test.each(regions.map(({ name }) => name))('%s is known to be there', name => {
  expect(isKnownRegion(name)).toBe(true);
});

test.each(['us-east-9', 'eu-nowhere-1', 'xx-west-1', 'aws-global', ''])('%j is not', text => {
  expect(isKnownRegion(text)).toBe(false);
});

test.each(regions.map(region => [region.name, region] as const))(
  '%s is where the CDK and the SDK have it',
  (name, { partition: cdk, domainSuffix }) => {
    expect(partitionOf(name)).toMatchObject({ name: cdk, dnsSuffix: domainSuffix });
    expect(partition(name)).toMatchObject({ name: partitionOf(name).name, dnsSuffix: partitionOf(name).dnsSuffix });
  },
);

test.each([
  ['eu-north-9', 'aws'],
  ['cn-south-1', 'aws-cn'],
  ['us-gov-north-1', 'aws-us-gov'],
  ['us-isob-north-1', 'aws-iso-b'],
  ['eusc-fr-west-1', 'aws-eusc'],
])('a Region newer than this library, %s, is in %s', (region, name) => {
  expect(isRegion(region)).toBe(true);
  expect(partitionOf(region).name).toBe(name);
});
