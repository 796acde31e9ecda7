import { posix } from 'path';
import { ARROWS, DEFERRED, GROUND_FLOORS } from './arrow-table';
import { FileImport, fileImports, isDeferred } from './imports';
import { Sources } from './sources';

/** Every import that the table of arrows does not allow, as `file → target`. */
export function forbiddenArrows(sources: Sources, imports = fileImports(sources)): string[] {
  return imports
    .filter(({ file, target }) => !isAllowed(posix.dirname(file), posix.dirname(target)))
    .filter(found => !(DEFERRED.includes(arrow(found)) && isDeferred(found, sources)))
    .map(arrow);
}

/** Every folder that the table of arrows does not know. */
export function foldersWithoutRow(sources: Sources): string[] {
  return [...new Set([...sources.keys()].map(file => posix.dirname(file)))].filter(folder => !ARROWS.has(folder));
}

function isAllowed(from: string, to: string): boolean {
  return from === to || isGroundFloor(to) && !isGroundFloor(from) || (ARROWS.get(from) ?? []).includes(to);
}

const isGroundFloor = (folder: string): boolean => GROUND_FLOORS.some(floor => folder === floor || folder.startsWith(`${floor}/`));

/** How an import is told and listed. */
export const arrow = ({ file, target }: FileImport): string => `${file} → ${target}`;
