import { QUESTION, firstLines, Stage } from './stage';
import { eventsOf } from '../emulator/function-log';
import { IncidentReport, Observation } from '../report/demo-report';

const RULE = 'PlumblineChecks-BedrockNoWildcard';

/** A role gets bedrock:* to get past an AccessDenied; and the other way round, a role lacks what its function needs. */
export async function replayWildcardRole(stage: Stage): Promise<IncidentReport> {
  return {
    name: 'Wildcard role',
    story: 'A role got bedrock:* to get past an AccessDenied, and was copied from service to service.',
    observations: [await refusedModel(stage), await refusedPolicy(stage), await failedStart(stage)],
    outcome: { where: 'synthesised, run', how: 'no wildcard synthesises; a role with too little fails the start, not a request' },
    note: "IAM's policy simulation over the deployed role decides who may list models; the denial is our Bedrock stand-in's. " +
      'Scans for roles made elsewhere come later.',
  };
}

async function refusedModel({ synth }: Stage): Promise<Observation> {
  const { wildcardModel } = (await synth).cases;
  return {
    moment: 'synthesised',
    claim: 'BedrockTaskRole takes no wildcard',
    evidence: firstLines(wildcardModel.error ?? 'it was taken', 2),
    asExpected: /wildcard/.test(wildcardModel.error ?? ''),
  };
}

async function refusedPolicy({ synth }: Stage): Promise<Observation> {
  const { wildcardRole, compliant } = (await synth).cases;
  const rules = [...new Set(wildcardRole.rules)];
  return {
    moment: 'synthesised',
    claim: 'a hand-made role with bedrock:* stops the synthesis',
    evidence: [rules.length > 0 ? `refused by ${rules.join(', ')}` : wildcardRole.error ?? 'it synthesised'],
    asExpected: rules.some(rule => rule.startsWith(RULE)) && compliant.error === undefined,
  };
}

/** The decision is IAM's policy simulation over the deployed role; the denial that follows is that of our stand-in for Bedrock. */
async function failedStart({ incidents }: Stage): Promise<Observation> {
  const answer = await incidents.api.send('POST', 'chat-denied', { message: QUESTION });
  const log = incidents.log('DeniedChat');
  const [failure] = eventsOf(log, 'iam_validation_failed');
  const calls = eventsOf(log, 'bedrock_call').length;
  return {
    moment: 'run',
    claim: 'a function whose role lacks bedrock:ListFoundationModels fails to start, before its first request',
    evidence: [
      `${failure?.event} ${failure?.action} for ${String(failure?.role_arn).replace(/^.*:/, '')}; ` +
        `answer ${answer.status}, ${calls} calls to Bedrock`,
    ],
    asExpected: failure?.action === 'bedrock:ListFoundationModels' && answer.status >= 500 && calls === 0,
  };
}
