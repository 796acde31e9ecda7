import { catchStrayErrors, guard } from '../../../runtime/node/handler/guard';
import { newInvocation, withInvocation, type Invocation } from '../../../runtime/node/telemetry/invocation';
import { CapturedOutput } from '../../support/runtime-output';

type Listener = (error: unknown) => void;

const output = CapturedOutput.install();
const installed = new Map<string, Listener>();
let exit: jest.SpyInstance;

beforeEach(() => {
  jest.spyOn(process, 'on').mockImplementation(function (this: NodeJS.Process, event: string | symbol, listener: Listener) {
    installed.set(String(event), listener);
    return process;
  } as never);
  exit = jest.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
  catchStrayErrors();
});

const newRequest = () => newInvocation('API', {}, { awsRequestId: 'lambda-1' });
const stray = (origin: Invocation | undefined, error: unknown, event = 'uncaughtException') => {
  const listener = installed.get(event)!;
  if (origin) withInvocation(origin, () => listener(error));
  else listener(error);
};

test('both kinds are listened to, once', () => {
  expect([...installed.keys()].sort()).toEqual(['uncaughtException', 'unhandledRejection']);
  installed.delete('uncaughtException');
  catchStrayErrors();
  expect(installed.has('uncaughtException')).toBe(false);
  installed.set('uncaughtException', installed.get('unhandledRejection')!);
});

test.each(['uncaughtException', 'unhandledRejection'])('an %s fails the invocation it comes from, and no other', async event => {
  const [mine, other] = [newRequest(), newRequest()];
  let finish!: (value: string) => void;
  const otherWork = guard(other, () => new Promise<string>(resolve => { finish = resolve; }));
  const myWork = guard(mine, () => new Promise(() => undefined));
  stray(mine, new Error('boom'), event);
  await expect(myWork).rejects.toThrow('boom');
  finish('done');
  await expect(otherWork).resolves.toBe('done');
  expect(exit).not.toHaveBeenCalled();
});

test('one that comes after the answer is logged', async () => {
  const request = newRequest();
  await guard(request, async () => 1);
  stray(request, new Error('too late'));
  expect(output.events('stray_error')).toMatchObject([{ level: 'ERROR', after_answer: true, request_id: 'lambda-1', errors: [{ message: 'too late' }] }]);
  expect(output.events('stray_error')[0].support_ref).toMatch(/^[a-z]{16}$/);
  expect(exit).not.toHaveBeenCalled();
});

test('one that comes from no invocation ends the process, as without us', () => {
  stray(undefined, new Error('the runtime itself'));
  expect(output.events('stray_error')).toMatchObject([{ after_answer: false }]);
  expect(exit).toHaveBeenCalledWith(1);
});
