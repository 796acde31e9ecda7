import { createHash, createPublicKey, verify } from 'crypto';
import choices from '../../../contract/vectors/candidate-choices.json';
import statements from '../../../contract/vectors/signed-statements.json';
import { candidateBucket, candidateText, isCandidateChosen } from '../../../src/contract/prompts/candidate';
import { JsonValue } from '../../../src/contract/prompts/canonical-json';
import { signedText } from '../../../src/contract/prompts/signed-text';

test.each(choices.cases)('$name', ({ promptId, version, sessionKey, percent, bucket, candidate }) => {
  const hash = createHash('sha256').update(candidateText({ id: promptId, version, sessionKey })).digest('hex');
  expect([candidateBucket(hash), isCandidateChosen(hash, percent)]).toEqual([bucket, candidate]);
});

describe('a signature', () => {
  const key = createPublicKey({ key: Buffer.from(statements.publicKey, 'base64'), format: 'der', type: 'spki' });

  test.each(statements.cases)('$name', ({ statement, text, valid }) => {
    const signed = signedText(statement as unknown as Record<string, JsonValue>);
    const signature = Buffer.from((statement as { signature?: string }).signature ?? '', 'base64');
    expect(signed).toBe(text);
    expect(verify('sha256', Buffer.from(signed), key, signature)).toBe(valid);
  });
});
