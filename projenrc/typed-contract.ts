import { Project, TextFile } from 'projen';
import { contractData } from './contract-data';

/**
 * Writes the contract's JSON as typed constants. TypeScript widens imported JSON to `string`, and jsii compiles nothing outside src/;
 * generated here, the constants keep their literal types and cannot differ from the JSON.
 */
export class TypedContract extends TextFile {
  constructor(project: Project) {
    super(project, 'src/contract/data.ts', { committed: true, readonly: true });
    this.addLine(`// ${this.marker}`);
    this.addLine('// Source: contract/*.json. Change the JSON, then run `npx projen`.');
    for (const [name, data] of Object.entries(contractData(project.outdir))) {
      this.addLine('');
      this.addLine(`export const ${name} = ${JSON.stringify(data, null, 2)} as const;`);
    }
  }
}
