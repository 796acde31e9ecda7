import fc from 'fast-check';
import vectors from '../../../contract/vectors/prompt-reads.json';
import type { Attributes } from '../../../runtime/node/prompts/attributes';
import { requireDeployment } from '../../../runtime/node/prompts/deployment';
import { PromptProblem } from '../../../runtime/node/prompts/prompt-problem';
import { PublishedPrompt, requirePublished } from '../../../runtime/node/prompts/published-prompt';
import { SigningKey } from '../../../runtime/node/prompts/signing-key';
import { KEY_ARN } from '../../support/prompt-registry/signed-prompts';

const key = SigningKey.require(
  { id: KEY_ARN, usage: 'SIGN_VERIFY', algorithms: ['RSASSA_PKCS1_V1_5_SHA_256'], der: Buffer.from(vectors.publicKey, 'base64') }, KEY_ARN);
const asked = { environment: vectors.environment, id: vectors.promptId };

/** As a service reads it: the served prompt, or the check that refuses. */
function read(item: Attributes, object: Uint8Array): PublishedPrompt | string {
  try {
    return requirePublished(object, asked.id, requireDeployment(item, asked, key).active, key);
  } catch (error) {
    expect(error).toBeInstanceOf(PromptProblem);
    expect((error as PromptProblem).kind).toBe('integrity');
    return (error as PromptProblem).reason;
  }
}

test.each(vectors.cases)('$name', ({ item, object, ...expected }) => {
  const found = read(item as unknown as Attributes, Buffer.from(object));
  if ('reason' in expected) expect(found).toBe(expected.reason);
  else expect(found).toMatchObject({ version: expected.version, templateHash: expected.templateHash });
});

describe('what is served was signed', () => {
  const [{ item, object }] = vectors.cases;
  const good = read(item as unknown as Attributes, Buffer.from(object));
  const text = JSON.stringify(item);

  test('whatever byte of the record is another', () => {
    fc.assert(fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), (at, other) => {
      let edited: Attributes;
      try {
        edited = JSON.parse(text.slice(0, at) + other + text.slice(at + 1)) as Attributes;
      } catch {
        return;
      }
      const found = read(edited, Buffer.from(object));
      // What DynamoDB would write in the same way, such as 1 and 01, is the same statement.
      if (typeof found !== 'string') expect(found).toEqual(good);
    }), { numRuns: 2_000 });
  });

  test('whatever byte of the object is another', () => {
    fc.assert(fc.property(fc.nat(object.length - 1), fc.uint8Array({ maxLength: 3 }), (at, other) => {
      const bytes = Buffer.concat([Buffer.from(object.slice(0, at)), other, Buffer.from(object.slice(at + 1))]);
      if (bytes.equals(Buffer.from(object))) return;
      expect(read(item as unknown as Attributes, bytes)).toBe('object_sha256');
    }), { numRuns: 2_000 });
  });
});
