import { Stage } from './stage';
import { eventsOf } from '../emulator/function-log';
import { IncidentReport, Observation } from '../report/demo-report';
import { envelopeIn } from '../system/api-client';

/** What must not leave: the ARN and account of the error, its text, a stack frame. */
const SECRETS = /arn:aws|123456789012|secretsmanager|not authorized|\bat .+:\d+:\d+|careless-cart\.ts/;

/** A handler without error handling meets an error that names roles, accounts and secrets. */
export async function replayRawTraceback(stage: Stage): Promise<IncidentReport> {
  return {
    name: 'Raw traceback',
    story: 'An error with ARNs and a stack trace reached a customer\'s browser.',
    observations: [await answered(stage, 'throw', 'thrown'), await answered(stage, 'return', 'returned as the body'), logged(stage)],
    outcome: { where: 'run', how: 'the caller gets an envelope and a reference, the log the whole error' },
    without: await leaked(stage),
  };
}

async function answered({ incidents }: Stage, how: string, inWords: string): Promise<Observation> {
  const answer = await incidents.api.send('POST', 'cart-with-standard', { how });
  return {
    moment: 'run',
    claim: `the error, ${inWords}, leaves as an envelope`,
    evidence: [`${answer.status} ${answer.body}`],
    asExpected: answer.status === 500 && envelopeIn(answer)?.error?.code === 'INTERNAL_ERROR' && !SECRETS.test(answer.body),
  };
}

/** Who has to mend it finds the whole error under the reference that the caller got. */
function logged({ incidents }: Stage): Observation {
  const [line] = eventsOf(incidents.log('CartWithStandard'), 'handler_error');
  const wholeError = /at .+:\d+:\d+/.test(JSON.stringify(line?.errors ?? ''));
  return {
    moment: 'run',
    claim: 'the log has the whole error under support_ref',
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
