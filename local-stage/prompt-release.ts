import { createHash } from 'crypto';
import { DeployedStack } from './deployed';
import { eventsOf } from './emulator/function-log';
import { firstLines, QUESTION, Stage } from './incidents/stage';
import type { Ended } from './prompt-registry/command-lines';
import { BLURB_PROMPT, CHAT_PROMPT, FIRST, SECOND } from './prompt-registry/registered-prompts';
import { Observation } from './report/demo-report';
import { PROMPT_REGISTRY } from '../src/contract/data';
import { candidateText, isCandidateChosen } from '../src/contract/prompts/candidate';

const { canaryPercent: PERCENT } = PROMPT_REGISTRY.tracks.standard;
const HASH = /^[0-9a-f]{64}$/;
const SHOWN = 16;
const SHOWN_LINES = 3;
const SESSIONS = Array.from({ length: 30 }, (_, index) => `session-${index + 1}`);
/** Those that get the candidate, by the rule that both runtimes have. */
const CHOSEN = SESSIONS.filter(sessionKey => isCandidateChosen(
  createHash('sha256').update(candidateText({ id: CHAT_PROMPT, version: SECOND, sessionKey })).digest('hex'), PERCENT));

/** Before anybody may ask the chat: its words come from the registry, and without them it answers nothing. */
export function releasePrompts({ pipeline, product }: Pick<Stage, 'pipeline' | 'product'>): Promise<readonly Ended[]> {
  return pipeline.release(registryOf(product));
}

/** After the first requests: what they were answered with, then a second version as a candidate, and its way back. */
export async function tryNextPrompt(stage: Stage, released: readonly Ended[]): Promise<readonly Observation[]> {
  return [served(stage, released), await oneVersionEach(stage), await takenBack(stage)];
}

function served({ product }: Stage, released: readonly Ended[]): Observation {
  const lines = [
    ...eventsOf(product.log('Chat'), 'bedrock_call').slice(-1), ...eventsOf(product.log('Recommendation'), 'sagemaker_call').slice(-1),
  ];
  const seen = lines.map(({ prompt_id, prompt_version }) => `${prompt_id} ${prompt_version}`);
  return {
    moment: 'run',
    claim: 'services get the words that were published, approved and promoted, in Node.js and in Python',
    evidence: [
      ...[CHAT_PROMPT, BLURB_PROMPT].map(id => `plumbline prompts, ${id}: ${codesOf(released.filter(one => isOf(one, id)))}`),
      `plumbline prompts ${codesOf(released.slice(-1))}`,
      ...unexpectedIn(released),
      ...lines.map(line => `${line.prompt_id} ${line.prompt_version}, template_hash ${String(line.template_hash).slice(0, SHOWN)}…`),
    ],
    asExpected: allWell(released) && seen.join() === [`${CHAT_PROMPT} ${FIRST}`, `${BLURB_PROMPT} ${FIRST}`].join()
      && lines.every(line => HASH.test(String(line.template_hash))),
  };
}

async function oneVersionEach(stage: Stage): Promise<Observation> {
  const { pipeline, product } = stage;
  const [done] = await Promise.all([pipeline.tryNext(registryOf(product)), startAnew(stage)]);
  const seen = new Map<string, string[]>();
  for (const session of SESSIONS) seen.set(session, [await versionFor(product, session), await versionFor(product, session)]);
  const isRight = (session: string): boolean =>
    seen.get(session)!.every(version => version === (CHOSEN.includes(session) ? SECOND : FIRST));
  const withSecond = SESSIONS.filter(session => seen.get(session)!.includes(SECOND));
  return {
    moment: 'run',
    claim: `a second version is tried with ${PERCENT} % of the sessions, and one session sees one version`,
    evidence: [
      `plumbline prompts ${codesOf(done)}`,
      ...unexpectedIn(done),
      `${SESSIONS.length} sessions ask twice: ${SECOND} for ${withSecond.join(', ') || 'none'}; ${FIRST} for the other `
        + `${SESSIONS.length - withSecond.length}; both for ${SESSIONS.filter(session => new Set(seen.get(session)).size > 1).length}`,
    ],
    asExpected: allWell(done) && CHOSEN.length > 0 && SESSIONS.every(isRight),
  };
}

async function takenBack(stage: Stage): Promise<Observation> {
  const { pipeline, product } = stage;
  const [done] = await Promise.all([pipeline.takeBack(registryOf(product)), startAnew(stage)]);
  const seen: string[] = [];
  for (const session of CHOSEN) seen.push(await versionFor(product, session));
  return {
    moment: 'run',
    claim: 'one command takes it back, and those sessions get the version before',
    evidence: [
      `plumbline prompts ${codesOf(done)}`,
      ...unexpectedIn(done),
      CHOSEN.map((session, index) => `${session} → ${seen[index]}`).join(', '),
    ],
    asExpected: allWell(done) && seen.every(version => version === FIRST),
  };
}

/** A new execution environment, whose start is over: one that has words keeps them for a minute. For what it refuses it reads none. */
async function startAnew({ client, product }: Stage): Promise<void> {
  await client.startAnew(product.physicalId('Chat'), 'live');
  await product.api.send('POST', 'chat', {});
}

async function versionFor({ api, log }: DeployedStack, session: string): Promise<string> {
  const { status } = await api.send('POST', 'chat', { message: QUESTION, session_id: session });
  const [call] = eventsOf(log('Chat'), 'bedrock_call').slice(-1);
  return status === 200 ? String(call?.prompt_version) : `HTTP ${status}`;
}

function registryOf(product: DeployedStack): string {
  return product.physicalId('PromptsWhereabouts');
}

function isOf({ line }: Ended, id: string): boolean {
  return line.some(word => word === id || word.endsWith(`/${id}.prompt.md`));
}

function codesOf(ended: readonly Ended[]): string {
  return ended.map(({ line, code }) => `${line[1]} → ${code}`).join(', ');
}

function allWell(ended: readonly Ended[]): boolean {
  return ended.every(({ code }) => code === 0);
}

function unexpectedIn(ended: readonly Ended[]): string[] {
  return ended.filter(({ code }) => code !== 0).flatMap(({ said }) => firstLines(said, SHOWN_LINES));
}
