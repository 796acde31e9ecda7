import { Stage } from './stage';
import { eventsOf } from '../emulator/function-log';
import { IncidentReport, Observation } from '../report/demo-report';
import { envelopeIn } from '../system/api-client';

/** What must not leave: the ARN and account of the error, its text, a stack frame. */
const SECRETS = /arn:aws|123456789012|secretsmanager|not authorized|\bat .+:\d+:\d+|careless[-_]cart\.|Traceback/;

/** The same careless handler in each language, with the standard. */
const IN_NODE = { id: 'CartWithStandard', path: 'cart-with-standard', language: 'Node.js', stack: /at .+:\d+:\d+/ };
const IN_PYTHON = { id: 'CartInPython', path: 'cart-in-python', language: 'Python', stack: /File .+, line \d+/ };
type Careless = typeof IN_NODE;

/** A handler without error handling meets an error that names roles, accounts and secrets. */
export async function replayRawTraceback(stage: Stage): Promise<IncidentReport> {
  return {
    name: 'Raw traceback',
    story: 'An error with ARNs and a stack trace reached a customer\'s browser.',
    observations: (await Promise.all([IN_NODE, IN_PYTHON].map(careless => observe(stage, careless)))).flat(),
    outcome: { where: 'run', how: 'the caller gets an envelope and a reference, the log the whole error' },
    without: await leaked(stage),
  };
}

async function observe(stage: Stage, careless: Careless): Promise<readonly Observation[]> {
  const answers = [await answered(stage, careless, 'throw', 'thrown'), await answered(stage, careless, 'return', 'returned as the body')];
  return [...answers, logged(stage, careless)];
}

async function answered({ incidents }: Stage, { path, language }: Careless, how: string, inWords: string): Promise<Observation> {
  const answer = await incidents.api.send('POST', path, { how });
  return {
    moment: 'run',
    claim: `${language}: the error, ${inWords}, leaves as an envelope`,
    evidence: [`${answer.status} ${answer.body}`],
    asExpected: answer.status === 500 && envelopeIn(answer)?.error?.code === 'INTERNAL_ERROR' && !SECRETS.test(answer.body),
  };
}

/** Who has to mend it finds the whole error under the reference that the caller got. */
function logged({ incidents }: Stage, { id, language, stack }: Careless): Observation {
  const [line] = eventsOf(incidents.log(id), 'handler_error');
  const wholeError = stack.test(JSON.stringify(line?.errors ?? ''));
  return {
    moment: 'run',
    claim: `${language}: the log has the whole error under support_ref`,
    evidence: [`${line?.event} ${line?.support_ref}: ${wholeError ? 'with' : 'without'} its stack`],
    asExpected: typeof line?.support_ref === 'string' && wholeError,
  };
}

async function leaked({ incidents }: Stage): Promise<Observation> {
  const answer = await incidents.api.send('POST', 'cart-without-standard', { how: 'return' });
  return {
    moment: 'run',
    claim: 'the same handler without the layer',
    evidence: [`${answer.status} ${answer.body}`],
    asExpected: SECRETS.test(answer.body),
  };
}
