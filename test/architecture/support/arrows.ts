import { posix } from 'path';
import { ARROWS, DEFERRED, GROUND_FLOOR } from './arrow-table';
import { FileImport, fileImports, isDeferred } from './imports';
import { Sources } from './sources';

/** Every import that the table of arrows does not allow, as `file → target`. */
export function forbiddenArrows(sources: Sources): string[] {
  return fileImports(sources)
    .filter(({ file, target }) => !isAllowed(posix.dirname(file), posix.dirname(target)))
    .filter(found => !(DEFERRED.includes(arrow(found)) && isDeferred(found, sources)))
    .map(arrow);
}

/** Every folder that the table of arrows does not know. */
export function foldersWithoutRow(sources: Sources): string[] {
  return [...new Set([...sources.keys()].map(file => posix.dirname(file)))].filter(folder => !ARROWS.has(folder));
}

function isAllowed(from: string, to: string): boolean {
  return from === to || to === GROUND_FLOOR && from !== GROUND_FLOOR || (ARROWS.get(from) ?? []).includes(to);
}

/** How an import is told and listed. */
export const arrow = ({ file, target }: FileImport): string => `${file} → ${target}`;
