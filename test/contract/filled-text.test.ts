import { filledText } from '../../src/contract/filled-text';

const CONTRACT = { LIMITS: { alarms: 2, name: { text: 'X' }, list: [] } };

test('a placeholder becomes the value of the contract that it names', () => {
  expect(filledText('fewer than {LIMITS.alarms}, in {LIMITS.name.text}', CONTRACT)).toBe('fewer than 2, in X');
});

test('other braces stay', () => {
  expect(filledText('a {region} and {}', CONTRACT)).toBe('a {region} and {}');
});

test.each([
  '{OTHER.alarms}', '{LIMITS.other}', '{LIMITS.other.deeper}', '{LIMITS.name}', '{LIMITS.list}',
])('%s is an error that names it and the text', placeholder => {
  const message = `${placeholder} is no text or number of the contract: "Use ${placeholder}."`;
  expect(() => filledText(`Use ${placeholder}.`, CONTRACT)).toThrow(message);
});
