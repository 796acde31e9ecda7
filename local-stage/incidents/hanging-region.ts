import { setTimeout as wait } from 'timers/promises';
import { QUESTION, seconds, Stage } from './stage';
import { eventsOf } from '../emulator/function-log';
import { TUNED_READ_TIMEOUT } from '../incident-stack/incident-stack';
import { IncidentReport, Observation } from '../report/demo-report';
import { envelopeIn } from '../system/api-client';

/** How long API Gateway waits; the chat has 28 s to stay below it. */
const BOUND_MS = 29_000;
/** No request waits for AppConfig, so that this one does. */
const APP_CONFIG_MS = 4_000;
const CODES = ['TIMEOUT', 'MODEL_UNAVAILABLE'];
const MODEL = 'amazon.nova-lite-v1:0';

/** A chat whose Bedrock accepts every request and answers none. */
export async function replayHangingRegion(stage: Stage): Promise<IncidentReport> {
  const raw = watchRawClient(stage);
  try {
    const chat = await bounded(stage);
    const cart = await othersWork(stage);
    return {
      name: 'Hanging region',
      story: 'A Region accepts requests and never answers; services wait for ever and take their callers with them.',
      observations: [chat, cart],
      outcome: { where: 'run', how: 'the service answers in time; the SDK\'s own client waits on' },
      without: raw.stop(),
      note: 'The fallback to a second Region runs in the tests of the client; the emulator has one Region.',
    };
  } finally {
    raw.stop();
  }
}

async function bounded({ incidents }: Stage): Promise<Observation> {
  // A request that needs no Bedrock pays for the start, which a time limit of Lambda does not count.
  await incidents.api.send('POST', 'chat-hanging', {});
  await wait(APP_CONFIG_MS);
  const answer = await incidents.api.send('POST', 'chat-hanging', { message: QUESTION });
  const error = envelopeIn(answer)?.error;
  const [call] = eventsOf(incidents.log('HangingChat'), 'bedrock_call').slice(-1);
  return {
    moment: 'run',
    claim: `the client of the standard gives up, and the service answers before API Gateway's ${BOUND_MS / 1000} s are over`,
    evidence: [
      `POST /chat-hanging → ${answer.status} ${error?.code ?? 'no envelope'} after ${seconds(answer.milliseconds)}`,
      `its log: ${call?.attempts} attempts, read timeout ${call?.read_timeout_ms} ms (tuned in AppConfig), ended as ${call?.outcome}`,
    ],
    asExpected: error !== null && error !== undefined && CODES.includes(error.code) && answer.milliseconds < BOUND_MS
      && call?.read_timeout_ms === TUNED_READ_TIMEOUT.toMilliseconds(),
  };
}

async function othersWork({ product }: Stage): Promise<Observation> {
  const answer = await product.api.send('POST', 'cart', { cart_id: 'c2', title_id: 'space-cooks', quantity: 1 });
  return {
    moment: 'run',
    claim: 'services that do not need Bedrock go on',
    evidence: [`POST /cart meanwhile → ${answer.status} after ${seconds(answer.milliseconds)}`],
    asExpected: answer.status === 200,
  };
}

/** The SDK's own client in the same hanging Region, in a function with 15 minutes. */
function watchRawClient({ client, incidents, bedrock }: Stage): { stop(): Observation } {
  const start = Date.now();
  const abort = new AbortController();
  let ended: string | undefined;
  client.invoke(incidents.physicalId('RawChat'), { endpoint: bedrock.hangingHttp2Url, modelId: MODEL }, abort.signal)
    .then(result => { ended ??= JSON.stringify(result); }, error => { ended ??= String(error); });
  return {
    stop: () => {
      const waited = Date.now() - start;
      const stillHanging = ended === undefined && bedrock.rawRequests() > 0;
      const seen = ended ?? 'its request never arrived';
      abort.abort();
      return {
        moment: 'run',
        claim: 'the SDK\'s own client, with a connection and a socket timeout of 1 s that it ignores',
        evidence: [stillHanging ? `still waiting when we stopped looking, after ${seconds(waited)}` : seen],
        asExpected: stillHanging,
      };
    },
  };
}
