import { existsSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import { TemplateSource } from './template-source';
import { parseTemplate } from './template-text';
import { isRecord, JsonRecord, section } from '../../src/contract/template/template-values';
import { CouldNotRun } from '../system/could-not-run';

type Metadata = Record<string, { readonly type: string; readonly data: unknown }[]>;

/** Whether a folder holds what `cdk synth` has written. */
export function isAssembly(folder: string): boolean {
  return existsSync(join(folder, 'manifest.json'));
}

/** Every template of a cloud assembly, those of stages and nested stacks included. */
export function readAssembly(folder: string, stage = ''): TemplateSource[] {
  const artifacts = section(readJson(join(folder, 'manifest.json')), 'artifacts');
  return Object.values(artifacts).filter(isRecord).flatMap(artifact => {
    const properties = section(artifact, 'properties');
    if (artifact.type === 'cdk:cloud-assembly') {
      return readAssembly(join(folder, String(properties.directoryName)), String(properties.displayName ?? properties.directoryName));
    }
    return artifact.type === 'aws:cloudformation:stack' ? readStack(folder, artifact, stage) : [];
  });
}

/** A stack and those nested in it: the assembly's metadata names the template of each. */
function readStack(folder: string, artifact: JsonRecord, stage: string): TemplateSource[] {
  const metadata = metadataOf(folder, artifact);
  const paths = constructPaths(metadata);
  const acknowledged = acknowledgements(metadata);
  const own = String(section(artifact, 'properties').templateFile);
  const files = new Map(entriesOf(metadata, 'aws:cdk:templateFile').map(([path, file]) => [String(file), path]));
  if (!files.has(own)) files.set(own, String(artifact.displayName ?? own).replace(/ \(.*\)$/, ''));
  const names = [...files.values()];
  const placed = [...paths].map(([construct, id]) => ({ construct, id, stack: stackOf(construct, names) }));
  return [...files].map(([file, name]) => {
    const path = join(folder, file);
    const text = readText(path);
    const owner = paths.get(nestedResourceOf(name));
    return {
      name,
      stage,
      file: path,
      text,
      content: parseTemplate(text, path),
      acknowledged,
      paths: new Map(placed.filter(({ stack }) => stack === name).map(({ construct, id }) => [id, construct])),
      ...owner !== undefined && { nestedIn: { file: name.slice(0, name.lastIndexOf('/')), id: owner } },
    };
  });
}

/** The innermost of these stacks that holds a construct. */
function stackOf(construct: string, stacks: readonly string[]): string | undefined {
  return stacks.filter(stack => construct.startsWith(`${stack}/`)).sort((one, other) => other.length - one.length)[0];
}

/** The CDK puts the resource of the nested stack `Chat/Inner` beside it. */
function nestedResourceOf(path: string): string {
  const id = path.slice(path.lastIndexOf('/') + 1);
  return `${path}.NestedStack/${id}.NestedStackResource`;
}

function metadataOf(folder: string, artifact: JsonRecord): Metadata {
  const { metadata, additionalMetadataFile } = artifact;
  const further = typeof additionalMetadataFile === 'string' ? readJson(join(folder, additionalMetadataFile)) : {};
  return { ...isRecord(metadata) ? metadata : {}, ...isRecord(further) ? further : {} } as Metadata;
}

/** What one kind of metadata says, by the construct's path. */
function entriesOf(metadata: Metadata, type: string): [path: string, data: unknown][] {
  return Object.entries(metadata).flatMap(([path, entries]) =>
    entries.filter(entry => entry.type === type).map(({ data }): [string, unknown] => [path.replace(/^\//, ''), data]));
}

/** The logical id of each resource, by its construct's path. */
function constructPaths(metadata: Metadata): Map<string, string> {
  return new Map(entriesOf(metadata, 'aws:cdk:logicalId').map(([path, id]) => [path, String(id)]));
}

function acknowledgements(metadata: Metadata): Map<string, string[]> {
  const written = entriesOf(metadata, 'aws:cdk:acknowledged-rules');
  return new Map(written.map(([path, rules]) => [path, isRecord(rules) ? Object.keys(rules) : []]));
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readText(file));
  } catch (error) {
    if (error instanceof CouldNotRun) throw error;
    throw new CouldNotRun(`${file} is no JSON: synthesise ${dirname(file)} again`);
  }
}

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CouldNotRun(`${file} cannot be read: ${(error as Error).message}`);
  }
}
