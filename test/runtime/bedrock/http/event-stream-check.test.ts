import * as fc from 'fast-check';
import { checkStreamType, FrameLengths } from '../../../../runtime/node/bedrock/http/event-stream-check';
import { eventFrame } from '../../../support/faulty-bedrock-server/event-frames';

describe('the type of a stream', () => {
  test.each(['application/vnd.amazon.eventstream', 'Application/VND.amazon.eventstream; charset=x'])('%s is good', type => {
    expect(() => checkStreamType(type)).not.toThrow();
  });

  test.each(['text/html', 'application/json', '', undefined])('%s is not', type => {
    expect(() => checkStreamType(type)).toThrow(expect.objectContaining({ name: 'UnreadableStreamError' }));
  });
});

describe('the frames of a stream', () => {
  const texts = fc.array(fc.string(), { maxLength: 8 });
  const cuts = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 40 });

  /** Cut up without regard to the frames, as a network does. */
  function* parts(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
    for (let at = 0, index = 0; at < bytes.length; index += 1) {
      const size = sizes[index % sizes.length];
      yield bytes.subarray(at, at + size);
      at += size;
    }
  }

  test('pass, however the network cuts them', () => {
    fc.assert(fc.property(texts, cuts, (words, sizes) => {
      const lengths = new FrameLengths();
      for (const part of parts(Buffer.concat(words.map(text => eventFrame('chunk', { text }))), sizes)) lengths.check(part);
    }));
  });

  test('are stopped at the first that claims too much, however the network cuts them', () => {
    fc.assert(fc.property(texts, cuts, fc.constantFrom(0, 15, 0x0200_0001, 0xffff_ffff), (words, sizes, claim) => {
      const liar = eventFrame('chunk', {});
      liar.writeUInt32BE(claim, 0);
      const lengths = new FrameLengths();
      expect(() => {
        for (const part of parts(Buffer.concat([...words.map(text => eventFrame('chunk', { text })), liar]), sizes)) lengths.check(part);
      }).toThrow(`one frame claims ${claim} bytes`);
    }));
  });
});
