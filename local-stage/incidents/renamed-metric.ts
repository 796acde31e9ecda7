import { firstLines, Stage } from './stage';
import { eventsOf } from '../emulator/function-log';
import { IncidentReport, Observation } from '../report/demo-report';

/** A team renames a metric; every alarm and dashboard on the old name falls silent. */
export async function replayRenamedMetric(stage: Stage): Promise<IncidentReport> {
  return {
    name: 'Renamed metric',
    story: 'A team renames a metric; the alarms on the old name see nothing, and look healthy.',
    observations: [await nameOutsideTheCatalogue(stage), await dimensionNobodyEmits(stage), await unknownName(stage)],
    outcome: { where: 'written, synthesised, run', how: 'does not compile; an alarm on it does not synthesise; never emitted' },
    note: 'The alarm on silence is deployed, but the emulator never lets missing data breach; ' +
      'a test matches its dimensions to what the runtime writes.',
  };
}

async function nameOutsideTheCatalogue({ synth }: Stage): Promise<Observation> {
  const { renamedMetric, canonicalMetric } = (await synth).compiler;
  return {
    moment: 'written',
    claim: 'emitMetric with a name outside the catalogue does not compile',
    evidence: [(renamedMetric ?? 'it compiled')],
    asExpected: /TS2769[^]*'"BedrockInvocations"' is not assignable/.test(renamedMetric ?? '') && canonicalMetric === undefined,
  };
}

async function dimensionNobodyEmits({ synth }: Stage): Promise<Observation> {
  const { renamedDimension, compliant } = (await synth).cases;
  return {
    moment: 'synthesised',
    claim: 'an alarm on dimensions that no runtime emits is refused',
    evidence: firstLines(renamedDimension.error ?? 'it synthesised', 2),
    asExpected: /never emitted/.test(renamedDimension.error ?? '') && compliant.error === undefined,
  };
}

async function unknownName({ incidents }: Stage): Promise<Observation> {
  const answer = await incidents.api.send('POST', 'renamed-metric', {});
  const log = incidents.log('RenamedMetric');
  const [warning] = eventsOf(log, 'unknown_metric');
  const emitted = log.filter(line => line.BedrockInvocations !== undefined);
  return {
    moment: 'run',
    claim: 'the runtime drops a name that is not in the catalogue, says so, and serves the request',
    evidence: [
      `POST /renamed-metric → ${answer.status}; log: ${warning?.level} ${warning?.event} "${warning?.metric}", ` +
        `${emitted.length} data emitted`,
    ],
    asExpected: answer.status === 200 && warning?.metric === 'BedrockInvocations' && emitted.length === 0,
  };
}
