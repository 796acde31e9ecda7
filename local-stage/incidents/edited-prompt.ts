import { QUESTION, Stage } from './stage';
import { eventsOf } from '../emulator/function-log';
import { Ended } from '../prompt-registry/command-lines';
import { editBehindItsBack } from '../prompt-registry/edit-behind-its-back';
import { APPROVED_WORDS, EDITED_WORDS } from '../prompt-registry/prompt-edit';
import { IncidentReport, Observation } from '../report/demo-report';
import { envelopeIn } from '../system/api-client';

const SHOWN_LINES = 3;

/** Somebody edits the prompt of the chat behind the registry's back, and leaves its version. */
export async function replayEditedPrompt(stage: Stage): Promise<IncidentReport> {
  const { client, product, pipeline } = stage;
  await editBehindItsBack(client, { bucket: product.physicalId('PromptsBucket'), table: product.physicalId('PromptsTable') });
  const [refusal, { gate, audit }] = await Promise.all([refused(stage), pipeline.judge(product.physicalId('PromptsWhereabouts'))]);
  return {
    name: 'Edited prompt',
    story: `"${APPROVED_WORDS}" became "${EDITED_WORDS}" in one environment; the version number stayed.`,
    observations: [
      refusal,
      foundBy(gate, { moment: 'deployed', claim: 'the gate of a deployment refuses the environment' }),
      foundBy(audit, { moment: 'run', claim: 'the daily audit names the prompt' }),
    ],
    outcome: { where: 'deployed, run', how: 'words that nobody signed are refused before they reach a model' },
    note: 'On AWS the policies of the bucket and the table deny the edit to everybody but the pipeline, Object Lock keeps the words, and '
      + 'an alarm on the trail rings. The emulator enforces no such policy, its CloudFormation has neither Object Lock nor '
      + 'AWS::CloudTrail::Trail: checked, not deployed locally. So the edit shown here is one that got past all of them.',
  };
}

/** In a new execution environment: one that has the approved words would keep them for a minute. */
async function refused({ client, product }: Stage): Promise<Observation> {
  const calls = (): number => eventsOf(product.log('Chat'), 'bedrock_call').length;
  const before = calls();
  await client.startAnew(product.physicalId('Chat'), 'live');
  const answer = await product.api.send('POST', 'chat', { message: QUESTION });
  const error = envelopeIn(answer)?.error;
  const [line] = eventsOf(product.log('Chat'), 'prompt_integrity_failed').slice(-1);
  const asked = calls() - before;
  return {
    moment: 'run',
    claim: 'edited words are refused before they reach a model, and the caller gets an envelope',
    evidence: [
      `POST /chat → ${answer.status} ${error?.code ?? 'no envelope'}; calls of Bedrock: ${asked}`,
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
