import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { VersionDenyScp, VersionDenyScpProps } from '../../../src';
import { versionPatterns } from '../../../src/governance/organisation/version-patterns';

const ACCOUNT = '123456789012';
const SCP_CHARACTERS = 5120;

function contentOf(props: Partial<VersionDenyScpProps>): unknown {
  const stack = new Stack(new App(), 'Stack');
  new VersionDenyScp(stack, 'Guardrail', { from: '1.4.0', to: '1.4.2', targetIds: [ACCOUNT], ...props });
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::Organizations::Policy'));
  expect(policy.Properties.Type).toBe('SERVICE_CONTROL_POLICY');
  return policy.Properties.Content;
}

/** Whether a role that may do everything and carries the tag may still invoke a model. */
function mayInvoke(scp: unknown, version: string | undefined, action = 'bedrock:InvokeModel'): boolean {
  const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  return runUnsafeSimulation({
    request: {
      principal: `arn:aws:iam::${ACCOUNT}:role/task`,
      action,
      resource: { resource: 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0', accountId: ACCOUNT },
      contextVariables: version === undefined ? {} : { 'aws:PrincipalTag/plumbline:version': version },
    },
    identityPolicies: [{ name: 'everything', policy: everything }],
    serviceControlPolicies: [{ orgIdentifier: 'ou', policies: [{ name: 'full', policy: everything }, { name: 'guardrail', policy: scp }] }],
    resourceControlPolicies: [],
  }, {}) === 'Allowed';
}

describe('roles of a version', () => {
  // Within each test, so that mutation testing sees who reads the policy.
  const may = (version: string | undefined, action?: string) => mayInvoke(contentOf({}), version, action);

  test.each(['1.4.0', '1.4.1', '1.4.2'])('%s, in the range, cannot use Bedrock', version => {
    expect(may(version)).toBe(false);
    expect(may(version, 'bedrock-mantle:CreateInference')).toBe(false);
  });

  test.each(['1.3.9', '1.4.3', '1.4.20', '11.4.0', '2.0.0', undefined])('%s, outside, can', version => {
    expect(may(version)).toBe(true);
  });

  test('in the range can use everything but Bedrock', () => {
    expect(may('1.4.1', 's3:GetObject')).toBe(true);
  });
});

describe('the patterns', () => {
  const part = fc.oneof(fc.nat(12), fc.nat(999));
  const version = fc.tuple(fc.nat(99), part, part);
  const order = (a: readonly number[], b: readonly number[]) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
  const matches = (pattern: string, text: string) =>
    new RegExp(`^${pattern.replace(/\./g, '\\.').replace(/\?/g, '.').replace(/\*/g, '.*')}$`).test(text);

  test('match exactly the versions between both ends', () => {
    fc.assert(fc.property(version, version, version, (first, second, probe) => {
      const [from, to] = [first, second].sort(order);
      const patterns = versionPatterns(from, to);
      const before = [from[0], from[1], Math.max(0, from[2] - 1)];
      const after = [to[0], to[1], Math.min(999, to[2] + 1)];
      const wrong = [probe, from, to, before, after].filter(tried => {
        const inRange = order(from, tried) <= 0 && order(tried, to) <= 0;
        return patterns.some(pattern => matches(pattern, tried.join('.'))) !== inRange;
      });
      expect(wrong).toEqual([]);
    }), { seed: 4, numRuns: 1000 });
  });

  test('of any range fit into one policy', () => {
    fc.assert(fc.property(version, version, (first, second) => {
      const [from, to] = [first, second].sort(order);
      expect(JSON.stringify(versionPatterns(from, to)).length).toBeLessThan(SCP_CHARACTERS - 250);
    }), { seed: 4, numRuns: 1000 });
  });
});

test('the largest policy is within the limit of AWS Organizations', () => {
  const content = contentOf({ from: '0.1.1', to: '99.988.988' });
  expect(JSON.stringify(content).length).toBeLessThanOrEqual(SCP_CHARACTERS);
});

describe('a wrong guardrail says where, what and how to mend it', () => {
  test.each<[string, Partial<VersionDenyScpProps>]>([
    ['a version of two numbers', { from: '1.4' }],
    ['a pattern', { to: '1.*' }],
    ['a pre-release', { from: '1.4.0-rc.1' }],
    ['more in front of a version', { from: 'v1.4.0' }],
    ['a range that is empty', { from: '1.4.2', to: '1.4.0' }],
    ['a range that is empty by its minor version', { from: '1.5.0', to: '1.4.9' }],
    ['no target', { targetIds: [] }],
    ['a target that is none', { targetIds: ['prod'] }],
  ])('%s', (_case, props) => {
    expect(() => contentOf(props)).toThrow(/^\[Stack\/Guardrail\] VersionDenyScp: .+\n +given: +.+\n +allowed: .+\n +fix: +.+$/);
  });
});
