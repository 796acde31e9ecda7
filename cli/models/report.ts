import { RegionChange } from './changes';
import { RegionModels } from '../../src/contract/models-file';

/** What a Region was asked, and what is new of it. */
export interface SyncResult extends RegionModels {
  readonly region: string;
  /** Whether the file did not have the Region. */
  readonly isNew: boolean;
  readonly changes: readonly RegionChange[];
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

/** The report that a person reads: of a Region that is new to the file, only how much it holds. */
export function syncText(results: readonly SyncResult[], file: string, isWritten: boolean): string {
  const lines = results.flatMap(({ region, isNew, changes }) => {
    if (isNew) return [`${region}: new in ${file}`];
    return [`${region}: ${changes.length === 0 ? 'nothing changed' : ''}`.trimEnd(), ...changes.map(changeText)];
  });
  const isStale = results.some(({ isNew, changes }) => isNew || changes.length > 0);
  return [...lines, endText(file, isWritten, isStale)].join('\n');
}

function changeText({ what, id, from, to }: RegionChange): string {
  const values = what === 'changed' ? `${from ?? 'none'} → ${to ?? 'none'}` : to ?? from;
  return `  ${SIGNS[what]} ${id}: ${values}`;
}

function endText(file: string, isWritten: boolean, isStale: boolean): string {
  if (isWritten) return `${file} is written. It belongs in Git: synth reads it.`;
  return isStale ? `${file} is stale. Write it anew: plumbline models sync` : `${file} says what the account says.`;
}
