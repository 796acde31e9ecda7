import { LeftOut } from '../assembly/local-template';

/** How early a drift is stopped; the earlier, the cheaper. */
export type Moment = 'written' | 'synthesised' | 'deployed' | 'run';

/** One thing that was looked at, with what was seen. */
export interface Observation {
  readonly moment: Moment;
  /** What the standard does about the incident. */
  readonly claim: string;
  /** What was really seen, word for word where it is short. */
  readonly evidence: readonly string[];
  readonly asExpected: boolean;
}

/** One of the five drift incidents, replayed. */
export interface IncidentReport {
  readonly name: string;
  /** What happened, in a sentence. */
  readonly story: string;
  readonly observations: readonly Observation[];
  /** Where the incident was stopped, and how, in a line. */
  readonly outcome: { readonly where: string; readonly how: string };
  /** What the same code does without the standard. */
  readonly without?: Observation;
  /** What is still to come, or is shown elsewhere, said plainly. */
  readonly note?: string;
}

/** A request to the deployed example. */
export interface RequestReport {
  readonly request: string;
  readonly expected: string;
  readonly seen: string;
  readonly milliseconds: number;
  readonly asExpected: boolean;
}

export interface CheckReport {
  readonly pack: string;
  readonly findings: number;
}

export interface DemoReport {
  readonly ok: boolean;
  /** From the start of the command to its end, without `installedInSeconds`. */
  readonly seconds: number;
  /** How long it took to install the local AWS or to build the runtime layer, when that was needed. */
  readonly installedInSeconds?: number;
  readonly checks: readonly CheckReport[];
  readonly deployedResources: number;
  /** The Node and the Python that the emulator runs the functions on, whatever runtime they declare. */
  readonly functionsRunOn: string;
  readonly leftOut: readonly LeftOut[];
  readonly readme: ReadmeReport;
  /** The example's container, and whether its metrics came. */
  readonly container: Observation;
  readonly requests: readonly RequestReport[];
  /** The way of the example's prompts into service, of a second version, and back. */
  readonly prompts: readonly Observation[];
  readonly incidents: readonly IncidentReport[];
}

/** The stack of the README, deployed into an account in which nothing was set up. */
export interface ReadmeReport {
  readonly deployedResources: number;
  /** The names of the alarms that ring as long as nobody calls. */
  readonly ringingWhileIdle: readonly string[];
}

type Seen = Pick<DemoReport, 'checks' | 'readme' | 'container' | 'requests' | 'prompts' | 'incidents'>;

/** Whether everything that was looked at came out as expected. */
export function allAsExpected({ checks, readme, container, requests, prompts, incidents }: Seen): boolean {
  const observations = incidents.flatMap(({ observations: of, without }) => (without ? [...of, without] : [...of]));
  return checks.every(({ findings }) => findings === 0)
    && readme.ringingWhileIdle.length === 0
    && [...requests, container, ...prompts, ...observations].every(({ asExpected }) => asExpected);
}
