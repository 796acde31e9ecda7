import { App, Stack } from 'aws-cdk-lib';
import { serviceHost } from '../../../src/standards/identities/service-host';

test.each([
  ['us-east-1', 's3.us-east-1.amazonaws.com'],
  ['us-gov-west-1', 's3.us-gov-west-1.amazonaws.com'],
  ['cn-north-1', 's3.cn-north-1.amazonaws.com.cn'],
  ['us-iso-east-1', 's3.us-iso-east-1.c2s.ic.gov'],
  ['us-isob-east-1', 's3.us-isob-east-1.sc2s.sgov.gov'],
  ['eusc-de-east-1', 's3.eusc-de-east-1.amazonaws.eu'],
])('the host of S3 in %s is %s', (region, host) => {
  expect(serviceHost('s3', region)).toBe(host);
});

test('the host in a Region known at deployment takes the suffix of that Region', () => {
  const stack = new Stack(new App(), 'Stack');
  expect(stack.resolve(serviceHost('s3', stack.region))).toEqual({
    'Fn::Join': ['', ['s3.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]],
  });
});
