import { cpSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { bridgeGaps, ControlPlaneOf, withVariables } from './local-gaps';
import { LeftOut, localTemplate, Template } from './local-template';

export interface LocalAssemblyOptions {
  /** The cloud assembly as it was synthesised; it stays as it is. */
  readonly source: string;
  /** The folder of the copy. */
  readonly target: string;
  /** The resource types that the emulator can deploy. */
  readonly knownTypes: ReadonlySet<string>;
  readonly controlPlaneOf: ControlPlaneOf;
  /** What all functions are told beside their own variables. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The emulator's account, which takes the place of those that the assembly names. */
  readonly account: string;
}

/** Copies a cloud assembly for the emulator. Returns what the copy leaves out. */
export function copyForEmulator(options: LocalAssemblyOptions): readonly LeftOut[] {
  const { source, target, knownTypes, controlPlaneOf, variables = {}, account } = options;
  cpSync(source, target, { recursive: true });
  moveTo(account, target);
  return jsonFilesBelow(target).filter(path => path.endsWith('.template.json')).flatMap(path => {
    const { template, leftOut } = localTemplate(JSON.parse(readFileSync(path, 'utf8')) as Template, knownTypes);
    writeFileSync(path, JSON.stringify(withVariables(bridgeGaps(template, controlPlaneOf), variables), undefined, 1));
    return leftOut;
  });
}

/** Only the accounts that stacks are deployed to: others, such as those of container images, stay. */
function moveTo(account: string, folder: string): void {
  const manifest = readFileSync(join(folder, 'manifest.json'), 'utf8');
  const named = new Set([...manifest.matchAll(/"aws:\/\/(\d{12})\//g)].map(([, found]) => found));
  for (const path of named.size > 0 ? jsonFilesBelow(folder) : []) {
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, [...named].reduce((moved, name) => moved.replaceAll(name, account), text));
  }
}

function jsonFilesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    if (entry.isDirectory() && !entry.name.startsWith('asset.')) return jsonFilesBelow(join(folder, entry.name));
    return entry.name.endsWith('.json') ? [join(folder, entry.name)] : [];
  });
}
