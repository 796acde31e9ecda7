import { createHash } from 'crypto';
import * as converseInputs from '../../../contract/vectors/converse-inputs.json';
import { cases, refused } from '../../../contract/vectors/prompts.json';
import { findWrongCachePoints } from '../../../src/contract/prompts/cache-points';
import { JsonValue } from '../../../src/contract/prompts/canonical-json';
import { converseInput } from '../../../src/contract/prompts/converse-input';
import { compiledText, filledMessages, sentText, templateText } from '../../../src/contract/prompts/hashed-text';
import { messagesOf, normalisedText, PromptContent, PromptMessage, PromptVariable } from '../../../src/contract/prompts/prompt-content';

interface Case {
  readonly name: string;
  readonly template: string;
  readonly content: { readonly model: string; readonly parameters?: JsonValue };
  readonly variables: Readonly<Record<string, PromptVariable>>;
}

interface Hashed extends Case {
  readonly messages: readonly PromptMessage[];
  readonly templateHash: string;
  readonly compiledHash: string;
  readonly values?: Readonly<Record<string, string>>;
  readonly sent?: readonly PromptMessage[];
  readonly promptHash?: string;
}

test.each(cases as unknown as readonly Hashed[])('$name', ({ template, content, variables, values, ...expected }) => {
  const messages = messagesOf(normalisedText(template));
  const sent = values && filledMessages(messages, values);
  expect({
    messages,
    templateHash: sha256(templateText({ ...content, messages })),
    compiledHash: sha256(compiledText({ ...content, messages }, variables)),
    sent,
    promptHash: sent && sha256(sentText(sent)),
  }).toEqual({
    messages: expected.messages,
    templateHash: expected.templateHash,
    compiledHash: expected.compiledHash,
    sent: expected.sent,
    promptHash: expected.promptHash,
  });
});

type Refused = Case & { readonly says: string };

test.each(refused as unknown as readonly Refused[])('refused: $name', ({ template, content, variables, says }) => {
  expect(() => compiledText({ ...content, messages: messagesOf(normalisedText(template)) }, variables)).toThrow(says);
});

test.each(converseInputs.cases as unknown as readonly { name: string; content: PromptContent; input: object }[])(
  'asked of Converse: $name', ({ content, input }) => {
    expect(findWrongCachePoints(content)).toEqual([]);
    expect(converseInput(content)).toEqual(input);
  });

test.each(converseInputs.refused as unknown as readonly { name: string; content: PromptContent; says: string[] }[])(
  'cache points: $name', ({ content, says }) => {
    expect(findWrongCachePoints(content)).toEqual(says);
  });

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
