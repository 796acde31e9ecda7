import { BEDROCK, BEDROCK_RUNTIME, endpointOf, STS } from '../../../runtime/node/probe/endpoint';

test.each([
  [STS, 'us-east-1', 'https://sts.us-east-1.amazonaws.com/'],
  [BEDROCK, 'eu-central-1', 'https://bedrock.eu-central-1.amazonaws.com/'],
  [BEDROCK_RUNTIME, 'ap-northeast-1', 'https://bedrock-runtime.ap-northeast-1.amazonaws.com/'],
  [STS, 'cn-north-1', 'https://sts.cn-north-1.amazonaws.com.cn/'],
  [BEDROCK, 'us-gov-west-1', 'https://bedrock.us-gov-west-1.amazonaws.com/'],
  [STS, 'us-iso-east-1', 'https://sts.us-iso-east-1.c2s.ic.gov/'],
  [STS, 'us-isob-east-1', 'https://sts.us-isob-east-1.sc2s.sgov.gov/'],
  [STS, 'us-isof-south-1', 'https://sts.us-isof-south-1.csp.hci.ic.gov/'],
  [STS, 'eu-isoe-west-1', 'https://sts.eu-isoe-west-1.cloud.adc-e.uk/'],
  [STS, 'eusc-de-east-1', 'https://sts.eusc-de-east-1.amazonaws.eu/'],
])('%j in %s', (service, region, expected) => expect(endpointOf(service, region, {}).href).toBe(expected));

test('a variable moves all services, the service\'s own counts more, and both can be switched off', () => {
  const all = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' };
  expect(endpointOf(BEDROCK, 'us-east-1', all).host).toBe('127.0.0.1:4566');
  const own = { ...all, AWS_ENDPOINT_URL_BEDROCK: 'http://localhost:1', AWS_ENDPOINT_URL_STS: 'http://localhost:2', AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://localhost:3' };
  expect([BEDROCK, STS, BEDROCK_RUNTIME].map(service => endpointOf(service, 'us-east-1', own).port)).toEqual(['1', '2', '3']);
  expect(endpointOf(STS, 'us-east-1', { ...own, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }).host).toBe('sts.us-east-1.amazonaws.com');
});

test('FIPS endpoints are used where they are asked for', () => {
  expect(endpointOf(BEDROCK, 'us-east-1', { AWS_USE_FIPS_ENDPOINT: 'true' }).host).toBe('bedrock-fips.us-east-1.amazonaws.com');
});
