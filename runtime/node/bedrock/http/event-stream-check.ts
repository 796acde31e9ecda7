/** Something answered with 200 that is not an event stream. The SDK would read the page of a proxy as a frame of a gigabyte. */
export class UnreadableStreamError extends Error {
  public readonly name = 'UnreadableStreamError';

  public constructor(what: string) {
    super(`The answer is not an event stream of the service: ${what}.`);
  }
}

const EVENT_STREAM_TYPE = 'application/vnd.amazon.eventstream';
const LENGTH_BYTES = 4;
const MIN_FRAME_BYTES = 16;
/** Above every frame that AWS sends; the protocol's own limit is 24 MB of payload. */
const MAX_FRAME_BYTES = 32 * 1024 * 1024;

export function checkStreamType(contentType: string | undefined): void {
  if (contentType?.split(';', 1)[0].trim().toLowerCase() === EVENT_STREAM_TYPE) return;
  throw new UnreadableStreamError(`its content type is ${contentType === undefined ? 'missing' : JSON.stringify(contentType)}`);
}

/** Follows the frames of a stream, and stops one that says of itself that it is too long to hold in memory. */
export class FrameLengths {
  private readonly length = Buffer.alloc(LENGTH_BYTES);
  private lengthBytes = 0;
  private leftInFrame = 0;

  public check(part: Uint8Array): void {
    for (let at = 0; at < part.length;) {
      if (this.leftInFrame > 0) {
        const skipped = Math.min(this.leftInFrame, part.length - at);
        this.leftInFrame -= skipped;
        at += skipped;
        continue;
      }
      this.length[this.lengthBytes] = part[at];
      this.lengthBytes += 1;
      at += 1;
      if (this.lengthBytes === LENGTH_BYTES) this.startFrame(this.length.readUInt32BE(0));
    }
  }

  private startFrame(bytes: number): void {
    if (bytes < MIN_FRAME_BYTES || bytes > MAX_FRAME_BYTES) throw new UnreadableStreamError(`one frame claims ${bytes} bytes`);
    this.lengthBytes = 0;
    this.leftInFrame = bytes - LENGTH_BYTES;
  }
}
