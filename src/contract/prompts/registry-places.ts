import { TableKey } from './registry-keys';
import { PROMPT_REGISTRY } from '../data';

const { objects, table } = PROMPT_REGISTRY;

/** What a key of the registry is the key of. */
export interface Place {
  readonly kind: 'version' | 'environment' | 'deployment' | 'record' | 'gates' | 'approval' | 'current' | 'event';
  readonly id: string;
  readonly environment?: string;
  readonly version?: string;
  readonly sequence?: number;
}

const DIGITS = objects.sequenceDigits;
/** A reviewer may be an ARN, and stands last. A sequence has zeros before it only up to its digits: else one deployment had many keys. */
const FORMS: Readonly<Record<string, string>> = { reviewer: '.+', sequence: `\\d{${DIGITS}}|[1-9]\\d{${DIGITS},}` };
const OBJECTS = (['version', 'environment', 'deployment'] as const).map(kind => ({ kind, pattern: patternOf(objects[kind]) }));
const ITEMS = [
  ...(['record', 'gates', 'approval'] as const).map(kind => ({ kind, pk: patternOf(table.prompt), sk: patternOf(table[kind]) })),
  ...(['current', 'event'] as const).map(kind => ({ kind, pk: patternOf(table.deployed), sk: patternOf(table[kind]) })),
];

/** What an object of the bucket is; undefined for one that no command writes. */
export function tryObjectPlace(key: string): Place | undefined {
  for (const { kind, pattern } of OBJECTS) {
    const groups = pattern.exec(key)?.groups;
    if (groups) return placeOf(kind, groups);
  }
  return undefined;
}

/** What an item of the table is; undefined for one that no command writes. */
export function tryItemPlace({ pk, sk }: TableKey): Place | undefined {
  for (const { kind, ...patterns } of ITEMS) {
    const [partition, sorted] = [patterns.pk.exec(pk), patterns.sk.exec(sk)];
    if (partition && sorted) return placeOf(kind, { ...partition.groups, ...sorted.groups });
  }
  return undefined;
}

function placeOf(kind: Place['kind'], { prompt_id: id, environment, version, sequence }: Record<string, string>): Place {
  return { kind, id, environment, version, ...sequence !== undefined && { sequence: Number(sequence) } };
}

function patternOf(written: string): RegExp {
  const parts = written.split(/\{(\w+)\}/);
  const text = parts.map((part, index) => {
    if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return `(?<${part}>${FORMS[part] ?? '[^#/]+'})`;
  });
  return new RegExp(`^${text.join('')}$`, 's');
}
