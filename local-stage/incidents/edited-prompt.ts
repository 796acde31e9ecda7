import { QUESTION, Stage } from './stage';
import { eventsOf, LogLine } from '../emulator/function-log';
import { APPROVED_WORDS, EDITED_WORDS } from '../incident-stack/prompt-edit';
import { IncidentReport } from '../report/demo-report';

const HASH = /^[0-9a-f]{64}$/;
const SHOWN = 16;

/** Somebody edits the prompt in one environment and leaves its version as it is. */
export async function replayEditedPrompt({ product, incidents }: Stage): Promise<IncidentReport> {
  const answers = await Promise.all([
    product.api.send('POST', 'chat', { message: QUESTION }),
    incidents.api.send('POST', 'chat-edited', { message: QUESTION }),
  ]);
  const [approved] = eventsOf(product.log('Chat'), 'bedrock_call').slice(-1);
  const [edited] = eventsOf(incidents.log('EditedChat'), 'bedrock_call').slice(-1);
  const hashes = [approved, edited].map(line => String(line?.prompt_hash));
  return {
    name: 'Edited prompt',
    story: `"${APPROVED_WORDS}" became "${EDITED_WORDS}" in one environment; the version number stayed.`,
    observations: [{
      moment: 'run',
      claim: 'every call to Bedrock is logged with the hash of the prompt that was really sent',
      evidence: [shown('approved', approved), shown('edited', edited)],
      asExpected: answers.every(({ status }) => status === 200) && hashes.every(hash => HASH.test(hash)) && hashes[0] !== hashes[1]
        && approved?.prompt_version === edited?.prompt_version,
    }],
    outcome: { where: 'seen at run', how: 'another prompt_hash under the same version' },
    note: 'The words stand in the code of both functions, so the edit is seen and not stopped. A function that takes its prompt from a '
      + 'PromptRegistry by getPrompt refuses words that nobody signed; its tests show that, and not yet this demo.',
  };
}

function shown(which: string, line: LogLine | undefined): string {
  return `${which.padEnd(8)} ${line?.prompt_id} ${line?.prompt_version}, prompt_hash ${String(line?.prompt_hash).slice(0, SHOWN)}…`;
}
