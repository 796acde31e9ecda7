import { readFileSync, readdirSync } from 'fs';
import { basename, join } from 'path';
import { Component, Project, TextFile } from 'projen';

const OUTPUT = 'src/standards/contract.ts';

/**
 * Writes the contract's JSON as typed constants for the constructs. jsii compiles nothing outside src/,
 * so the constructs cannot import the JSON; generated here, they cannot differ from it either.
 */
export class TypedContract extends Component {
  constructor(project: Project) {
    super(project);
    const file = new TextFile(project, OUTPUT, { committed: true, readonly: true });
    file.addLine(`// ${file.marker}`);
    file.addLine('// Source: contract/*.json. Change the JSON, then run `npx projen`.');
    for (const name of contractFiles(join(project.outdir, 'contract'))) {
      const data = JSON.parse(readFileSync(join(project.outdir, 'contract', name), 'utf8'));
      delete data.$schema;
      file.addLine('');
      file.addLine(`export const ${constantName(name)} = ${JSON.stringify(data, null, 2)} as const;`);
    }
  }
}

function contractFiles(directory: string): string[] {
  return readdirSync(directory).filter(name => name.endsWith('.json') && !name.endsWith('.schema.json')).sort();
}

function constantName(fileName: string): string {
  return basename(fileName, '.json').toUpperCase().replace(/-/g, '_');
}
