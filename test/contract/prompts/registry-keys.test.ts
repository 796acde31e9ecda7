import promptRegistry from '../../../contract/prompt-registry.json';
import {
  approvalKey, approvalPrefix, currentKey, deploymentObject, deploymentPrefix, environmentObject, eventKey, gatesKey, recordKey,
  versionObject,
} from '../../../src/contract/prompts/registry-keys';
import { tryItemPlace, tryObjectPlace } from '../../../src/contract/prompts/registry-places';

const NAME = { id: 'greeting', version: '1.2.0' };
const ANA = { role: 'engineer', reviewer: 'ana' };
const PLACED = { environment: 'prod', id: 'greeting' };

test.each([
  ['a version', versionObject(NAME), 'versions/greeting/1.2.0.json'],
  ['the copy of an environment', environmentObject({ ...PLACED, ...NAME }), 'environments/prod/greeting/1.2.0.json'],
  ['a deployment', deploymentObject({ ...PLACED, sequence: 12 }), 'deployments/prod/greeting/0000000012.json'],
])('the object of %s', (_what, key, expected) => {
  expect(key).toBe(expected);
});

test.each([
  ['a record', recordKey(NAME), { pk: 'prompt#greeting', sk: 'version#1.2.0' }],
  ['gates', gatesKey(NAME), { pk: 'prompt#greeting', sk: 'gates#1.2.0' }],
  ['an approval', approvalKey({ ...NAME, ...ANA }), { pk: 'prompt#greeting', sk: 'approval#1.2.0#engineer#ana' }],
  ['the current deployment', currentKey(PLACED), { pk: 'env#prod#greeting', sk: 'current' }],
  ['an event', eventKey({ ...PLACED, sequence: 12 }), { pk: 'env#prod#greeting', sk: 'event#0000000012' }],
])('the key of %s', (_what, key, expected) => {
  expect(key).toEqual(expected);
});

test('what keys begin with ends where the next part begins', () => {
  expect([deploymentPrefix(PLACED), approvalPrefix('1.2.0')]).toEqual(['deployments/prod/greeting/', 'approval#1.2.0#']);
});

test('a dollar sign in a name is no pattern', () => {
  expect(approvalKey({ ...NAME, role: 'engineer', reviewer: '$&' }).sk).toBe('approval#1.2.0#engineer#$&');
});

test('a prompt and an environment of the contract\'s patterns can part no key in two ways', () => {
  const { idPattern, environmentPattern, versionPattern } = promptRegistry;
  for (const pattern of [idPattern, environmentPattern, versionPattern]) {
    for (const parting of ['a#b', 'a/b', 'a b']) expect(new RegExp(pattern).test(parting)).toBe(false);
  }
});

test('a deployment and its event have one key each: with another zero before the sequence there is none of them', () => {
  for (const sequence of [1, 12, 9_999_999_999, 10_000_000_000, 123_456_789_012]) {
    const placed = { ...PLACED, sequence };
    expect([tryItemPlace(eventKey(placed)), tryObjectPlace(deploymentObject(placed))])
      .toEqual([expect.objectContaining({ kind: 'event', ...placed }), expect.objectContaining({ kind: 'deployment', ...placed })]);
    const { pk, sk } = eventKey(placed);
    expect(tryItemPlace({ pk, sk: sk.replace('#', '#0') })).toBeUndefined();
    expect(tryObjectPlace(deploymentObject(placed).replace(/(\d+\.json)/, '0$1'))).toBeUndefined();
  }
});
