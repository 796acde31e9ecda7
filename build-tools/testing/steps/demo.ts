import { bin } from '../programs';
import { Step } from '../step';

/** What a newcomer is promised; the installation in the first run is not counted. */
const MAX_SECONDS = 90;
const INCIDENTS = 5;

/** What is read of the demo's report. */
interface DemoReport {
  readonly ok: boolean;
  readonly seconds: number;
  readonly requests: readonly unknown[];
  readonly incidents: readonly { readonly name: string; readonly outcome: { readonly where: string } }[];
}

export const demo: Step = {
  name: 'demo',
  description: 'the local stage deploys, answers and stops the five incidents, without a human',
  after: ['generated', 'pythons', 'bundle'],
  alone: true,
  async run(context) {
    const report: DemoReport = JSON.parse(await context.run(bin('tsx'), ['local-stage/demo.ts', '--json']));
    const faults = demoFaults(report);
    if (faults.length > 0) throw new Error(faults.join('\n'));
    context.note(`${report.seconds.toFixed(0)} s, ${report.requests.length} requests, ${report.incidents.length} incidents`);
  },
};

export function demoFaults({ ok, seconds, requests, incidents }: DemoReport): string[] {
  return [
    ...ok ? [] : ['not everything came out as expected'],
    ...seconds <= MAX_SECONDS ? [] : [`the demo takes ${seconds} s; ${MAX_SECONDS} s are promised`],
    ...requests.length > 0 ? [] : ['the demo has sent no request'],
    ...incidents.length === INCIDENTS ? [] : [`the demo has replayed ${incidents.length} incidents of ${INCIDENTS}`],
  ];
}
