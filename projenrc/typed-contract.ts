import { readdirSync } from 'fs';
import { basename, join } from 'path';
import { Component, Project } from 'projen';
import { contractData, TypedConstants } from './typed-constants';

const OUTPUT = 'src/contract/data.ts';

/**
 * Writes the contract's JSON as typed constants. TypeScript widens imported JSON to `string`, and jsii compiles nothing outside src/;
 * generated here, the constants keep their literal types and cannot differ from the JSON.
 */
export class TypedContract extends Component {
  constructor(project: Project) {
    super(project);
    const constants = new TypedConstants(project, OUTPUT);
    for (const name of contractNames(project)) constants.add(name, contractData(project, name));
  }
}

function contractNames(project: Project): string[] {
  const files = readdirSync(join(project.outdir, 'contract'));
  return files.filter(file => file.endsWith('.json') && !file.endsWith('.schema.json')).sort().map(file => basename(file, '.json'));
}
