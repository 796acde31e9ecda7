import { readdirSync } from 'fs';
import { basename, join } from 'path';
import { Component, Project } from 'projen';
import { contractData, TypedConstants } from './typed-constants';

const OUTPUT = 'src/standards/contract.ts';

/**
 * Writes the contract's JSON as typed constants for the constructs. jsii compiles nothing outside src/,
 * so the constructs cannot import the JSON; generated here, they cannot differ from it either.
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
