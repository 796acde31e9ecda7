import { cpSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { bridgeGaps, ControlPlaneOf } from './local-gaps';
import { LeftOut, localTemplate, Template } from './local-template';

export interface LocalAssemblyOptions {
  /** The cloud assembly as it was synthesised; it stays as it is. */
  readonly source: string;
  /** The folder of the copy. */
  readonly target: string;
  /** The resource types that the emulator can deploy. */
  readonly knownTypes: ReadonlySet<string>;
  readonly controlPlaneOf: ControlPlaneOf;
}

/** Copies a cloud assembly for the emulator. Returns what the copy leaves out. */
export function copyForEmulator({ source, target, knownTypes, controlPlaneOf }: LocalAssemblyOptions): readonly LeftOut[] {
  cpSync(source, target, { recursive: true });
  return templatesBelow(target).flatMap(path => {
    const { template, leftOut } = localTemplate(JSON.parse(readFileSync(path, 'utf8')) as Template, knownTypes);
    writeFileSync(path, JSON.stringify(bridgeGaps(template, controlPlaneOf), undefined, 1));
    return leftOut;
  });
}

function templatesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    if (entry.isDirectory() && !entry.name.startsWith('asset.')) return templatesBelow(join(folder, entry.name));
    return entry.name.endsWith('.template.json') ? [join(folder, entry.name)] : [];
  });
}
