import { PassThrough } from 'stream';
import type { Context } from 'aws-lambda';
import type { Envelope } from '../../../../runtime/node/envelope/envelope';
import type { UserStreamHandler } from '../../../../runtime/node/handler/call/user-handler';
import { streamHandler } from '../../../../runtime/node/handler/kinds/stream';
import { lambdaContext } from '../../../support/runtime-context';

/** Lambda's response stream: a writable that puts the HTTP metadata in front of the first write. */
export class FakeResponseStream extends PassThrough {
  public contentType?: string;
  public _onBeforeFirstWrite?: (write: (chunk: unknown) => void) => void;
  public text = '';
  private started = false;

  constructor() {
    super();
    this.on('data', (chunk: Buffer) => { this.text += chunk.toString(); });
  }

  public setContentType(contentType: string): void {
    this.contentType = contentType;
  }

  public override write(chunk: unknown, ...rest: unknown[]): boolean {
    const first = !this.started;
    this.started = true;
    if (first) this._onBeforeFirstWrite?.(prelude => super.write(prelude as Buffer));
    return super.write(chunk, ...rest as []);
  }
}

export interface Streamed {
  readonly text: string;
  readonly event?: string;
  readonly envelope?: Envelope;
  readonly stream: FakeResponseStream;
}

/** Runs a streaming handler, and reads what it leaves. */
export async function stream(
  handler: unknown, event: unknown = {}, context: Context = lambdaContext(), target = new FakeResponseStream(),
): Promise<Streamed> {
  await (streamHandler(handler as UserStreamHandler) as (...args: unknown[]) => Promise<void>)(event, target, context);
  const match = /\n\nevent: (\w+)\ndata: ([^\n]+)\n\n$/.exec(target.text);
  return { text: target.text, event: match?.[1], envelope: match ? JSON.parse(match[2]) as Envelope : undefined, stream: target };
}
