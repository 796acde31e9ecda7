import { readFileSync } from 'fs';
import { join } from 'path';
import { Project, TextFile } from 'projen';

/** A generated TypeScript file of constants whose literal types are kept. */
export class TypedConstants {
  private readonly file: TextFile;

  constructor(project: Project, output: string) {
    this.file = new TextFile(project, output, { committed: true, readonly: true });
    this.file.addLine(`// ${this.file.marker}`);
    this.file.addLine('// Source: contract/*.json. Change the JSON, then run `npx projen`.');
  }

  /** Adds `client-policy` as CLIENT_POLICY. */
  public add(name: string, data: unknown): void {
    this.file.addLine('');
    this.file.addLine(`export const ${name.toUpperCase().replace(/-/g, '_')} = ${JSON.stringify(data, null, 2)} as const;`);
  }
}

/** The data of contract/<name>.json, without the name of its schema. */
export function contractData(project: Project, name: string): Record<string, unknown> {
  const data = JSON.parse(readFileSync(join(project.outdir, 'contract', `${name}.json`), 'utf8'));
  delete data.$schema;
  return data;
}
