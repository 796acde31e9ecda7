import { firstLines, QUESTION, Stage } from './stage';
import { eventsOf, LogLine } from '../emulator/function-log';
import { APPROVED_WORDS, EDITED_WORDS } from '../incident-stack/prompt-edit';
import { Ended } from '../prompt-registry/command-lines';
import { editBehindItsBack } from '../prompt-registry/edit-behind-its-back';
import { IncidentReport, Observation } from '../report/demo-report';
import { envelopeIn } from '../system/api-client';

const HASH = /^[0-9a-f]{64}$/;
const SHOWN = 16;
const CHAT = { id: 'RegisteredChat', path: 'chat-registered' };
const SHOWN_LINES = 3;

/** Somebody edits the prompt in one environment and leaves its version: in the code of a function, and behind a registry's back. */
export async function replayEditedPrompt(stage: Stage): Promise<IncidentReport> {
  const [seen, stopped] = await Promise.all([seenInCode(stage), stoppedByRegistry(stage)]);
  return {
    name: 'Edited prompt',
    story: `"${APPROVED_WORDS}" became "${EDITED_WORDS}" in one environment; the version number stayed.`,
    observations: [...stopped, seen],
    outcome: { where: 'deployed, run', how: 'words that nobody signed are refused; edited in code, they are seen' },
    note: 'On AWS the policies of the bucket and the table deny the edit to everybody but the pipeline, Object Lock keeps the words, and '
      + 'an alarm on the trail rings. The emulator enforces no such policy, its CloudFormation has neither Object Lock nor '
      + 'AWS::CloudTrail::Trail: checked, not deployed locally. So the edit shown here is one that got past all of them.',
  };
}

/** The words stand in the code of both functions. */
async function seenInCode({ product, incidents }: Stage): Promise<Observation> {
  const answers = await Promise.all([
    product.api.send('POST', 'chat', { message: QUESTION }),
    incidents.api.send('POST', 'chat-edited', { message: QUESTION }),
  ]);
  const [approved] = eventsOf(product.log('Chat'), 'bedrock_call').slice(-1);
  const [edited] = eventsOf(incidents.log('EditedChat'), 'bedrock_call').slice(-1);
  const hashes = [approved, edited].map(line => String(line?.prompt_hash));
  return {
    moment: 'run',
    claim: 'words in the code of a function are seen: each call is logged with the hash of the prompt that was really sent',
    evidence: [shown('approved', approved), shown('edited', edited)],
    asExpected: answers.every(({ status }) => status === 200) && hashes.every(hash => HASH.test(hash)) && hashes[0] !== hashes[1]
      && approved?.prompt_version === edited?.prompt_version,
  };
}

function shown(which: string, line: LogLine | undefined): string {
  return `${which.padEnd(8)} ${line?.prompt_id} ${line?.prompt_version}, prompt_hash ${String(line?.prompt_hash).slice(0, SHOWN)}…`;
}

async function stoppedByRegistry(stage: Stage): Promise<readonly Observation[]> {
  const { client, incidents, pipeline } = stage;
  const registry = incidents.physicalId('RegistryWhereabouts');
  const released = await served(stage, await pipeline.release(registry));
  await editBehindItsBack(client, { bucket: incidents.physicalId('RegistryBucket'), table: incidents.physicalId('RegistryTable') });
  const [refusal, { gate, audit }] = await Promise.all([refused(stage), pipeline.judge(registry)]);
  return [
    released,
    refusal,
    foundBy(gate, { moment: 'deployed', claim: 'the gate of a deployment refuses the environment' }),
    foundBy(audit, { moment: 'run', claim: 'the daily audit names the prompt' }),
  ];
}

/** Before the edit: the way of a prompt into service, and a function that uses it. */
async function served({ incidents }: Stage, release: readonly Ended[]): Promise<Observation> {
  const answer = await incidents.api.send('POST', CHAT.path, { message: QUESTION });
  const [call] = eventsOf(incidents.log(CHAT.id), 'bedrock_call').slice(-1);
  const unexpected = release.filter(({ code }) => code !== 0);
  return {
    moment: 'run',
    claim: 'a function gets the words that were published, approved and promoted',
    evidence: [
      `plumbline prompts ${release.map(({ line, code }) => `${line[1]} → ${code}`).join(', ')}`,
      ...unexpected.flatMap(({ said }) => firstLines(said, SHOWN_LINES)),
      `POST /${CHAT.path} → ${answer.status}, ${call?.prompt_id} ${call?.prompt_version}, `
        + `template_hash ${String(call?.template_hash).slice(0, SHOWN)}…`,
    ],
    asExpected: unexpected.length === 0 && answer.status === 200 && HASH.test(String(call?.template_hash)),
  };
}

/** After the edit, in a new execution environment: one that has the approved words would keep them for a minute. */
async function refused({ client, incidents }: Stage): Promise<Observation> {
  const calls = (): number => eventsOf(incidents.log(CHAT.id), 'bedrock_call').length;
  const before = calls();
  await client.startAnew(incidents.physicalId(CHAT.id));
  const answer = await incidents.api.send('POST', CHAT.path, { message: QUESTION });
  const error = envelopeIn(answer)?.error;
  const [line] = eventsOf(incidents.log(CHAT.id), 'prompt_integrity_failed').slice(-1);
  const asked = calls() - before;
  return {
    moment: 'run',
    claim: 'edited words are refused before they reach a model, and the caller gets an envelope',
    evidence: [
      `POST /${CHAT.path} → ${answer.status} ${error?.code ?? 'no envelope'}; calls of Bedrock: ${asked}`,
      `its log: ${line?.level} ${line?.event} ${line?.prompt_id}, reason ${line?.reason}`,
    ],
    asExpected: answer.status === 500 && error?.code === 'INTERNAL_ERROR' && asked === 0 && line?.reason === 'deployment_signature'
      && !answer.body.includes(EDITED_WORDS),
  };
}

function foundBy({ line, code, said }: Ended, asked: Pick<Observation, 'moment' | 'claim'>): Observation {
  const words = said.split('\n').map(text => text.trim()).filter(text => text !== '');
  const findings = words.filter(text => text.startsWith('error '));
  const shownLines = (findings.length > 0 ? findings : words).slice(0, SHOWN_LINES);
  return {
    ...asked,
    evidence: [`plumbline ${line.slice(0, 2).join(' ')} → ${code}`, ...shownLines],
    asExpected: code === 1 && findings.some(text => text.startsWith('error not-signed')),
  };
}
