import { readdirSync, statSync } from 'fs';
import { basename, join, resolve } from 'path';
import { CouldNotRun } from './could-not-run';

/** What is built, installed or synthesised, and is no source. */
const SKIPPED = /^(node_modules|\.git|\.hg|\.?venv|\.tox|__pycache__|site-packages|cdk\.out|asset\..*|dist|\.next|coverage)$/;

/**
 * The files at these paths whose names fit, each once, in the same order on every machine. A file that was named counts whatever its name.
 *
 * Errors: a path that does not exist.
 */
export function filesAt(paths: readonly string[], cwd: string, name: RegExp): string[] {
  return [...new Set(paths.flatMap(path => {
    const absolute = resolve(cwd, path);
    const stat = statSync(absolute, { throwIfNoEntry: false });
    if (!stat) throw new CouldNotRun(`${path} does not exist`);
    return stat.isDirectory() ? filesBelow(absolute, name, folder => SKIPPED.test(basename(folder))) : [absolute];
  }))];
}

/** The files in a folder whose names fit, in the same order on every machine; not those of folders that are skipped. */
export function filesBelow(folder: string, name: RegExp, isSkipped: (folder: string) => boolean): string[] {
  return readdirSync(folder, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1)).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return isSkipped(path) ? [] : filesBelow(path, name, isSkipped);
    return entry.isFile() && name.test(entry.name) ? [path] : [];
  });
}
