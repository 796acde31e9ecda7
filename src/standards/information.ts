import { Annotations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { sharedMark, tryMark } from './marks';
import { Warning } from './warnings';

const PREFIX = 'cdk-plumbline:';
const SERIES = 'CustomMetricSeries';
const DEFAULT_RETENTION = 'DefaultRetention';
const WITHOUT_ENVELOPE = 'WithoutEnvelope';

/** What a default of the library means, told once: acknowledged by `Annotations.of(stack).acknowledgeInfo('cdk-plumbline:…')`. */
export function inform(construct: IConstruct, { id, message }: Warning): void {
  Annotations.of(construct).addInfoV2(`${PREFIX}${id}`, message);
}

/** Tells it when the app is synthesised: only then is all that it depends on there. Undefined where there is nothing to tell. */
export function informLate(construct: IConstruct, find: () => Warning | undefined): void {
  construct.node.addValidation({
    validate: () => {
      const information = find();
      if (information) inform(construct, information);
      return [];
    },
  });
}

/** Remembers the series of metrics that a construct emits in any case, by keys that are equal where the series is the same. */
export function noteCustomMetrics(construct: IConstruct, series: readonly string[]): void {
  const known = sharedMark(construct, SERIES, () => new Set<string>());
  for (const key of series) known.add(key);
}

export const customMetricsOf = (construct: IConstruct): ReadonlySet<string> => tryMark<Set<string>>(construct, SERIES) ?? new Set();

/** Remembers a log group whose logs are kept as long as the standard says, because nobody said otherwise. */
export function noteDefaultRetention(construct: IConstruct): void {
  sharedMark(construct, DEFAULT_RETENTION, () => true);
}

export const hasDefaultRetention = (construct: IConstruct): boolean => tryMark(construct, DEFAULT_RETENTION) === true;

/** Remembers a function whose answers leave without the envelope. */
export function noteWithoutEnvelope(construct: IConstruct, mode: string): void {
  sharedMark(construct, WITHOUT_ENVELOPE, () => mode);
}

export const modeWithoutEnvelope = (construct: IConstruct): string | undefined => tryMark(construct, WITHOUT_ENVELOPE);
