import { statSync } from 'fs';
import { basename, dirname, resolve } from 'path';
import { isAssembly, readAssembly, readText } from './read-assembly';
import { TemplateSource } from './template-source';
import { parseTemplate } from './template-text';
import { isRecord, section } from '../../src/contract/template/template-values';
import { CouldNotRun } from '../system/could-not-run';
import { filesBelow } from '../system/files-at';
import { shownPath } from '../system/shown-path';

const TEMPLATE = /\.(json|ya?ml|template)$/i;
const SKIPPED = /^(node_modules|\.git|\.venv|asset\..*)$/;
/** How CloudFormation and SAM name the template of a nested stack. */
const NESTED: Readonly<Record<string, string>> = {
  'AWS::CloudFormation::Stack': 'TemplateURL', 'AWS::Serverless::Application': 'Location',
};

/** The templates at these paths: cloud assemblies, folders and single files. Errors: a path where there is none. */
export function readSources(paths: readonly string[], cwd: string): TemplateSource[] {
  const sources = paths.flatMap(path => {
    const found = readPath(resolve(cwd, path), cwd);
    if (found.length > 0) return found;
    throw new CouldNotRun(`${path} holds no CloudFormation template. Name a cdk.out, a folder or a template in JSON or YAML.`);
  });
  return [...new Map(sources.map(source => [source.file, source])).values()];
}

function readPath(path: string, cwd: string): TemplateSource[] {
  if (!isFolder(path)) return readTemplateFile(path, cwd, new Set());
  if (isAssembly(path)) return readAssembly(path);
  return filesBelow(path, TEMPLATE, folder => SKIPPED.test(basename(folder)) || isAssembly(folder)).flatMap(file => {
    const source = readFile(file, cwd);
    return isTemplate(source.content) ? [source] : [];
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    throw new CouldNotRun(`${path} does not exist`);
  }
}

/** A file that was named, and the templates of its nested stacks where they are files beside it. */
function readTemplateFile(file: string, cwd: string, seen: Set<string>, nestedIn?: TemplateSource['nestedIn']): TemplateSource[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const source = { ...readFile(file, cwd), ...nestedIn && { nestedIn } };
  if (!isTemplate(source.content)) return [];
  const nested = Object.entries(section(source.content, 'Resources')).flatMap(([id, definition]) => {
    const location = isRecord(definition) ? section(definition, 'Properties')[NESTED[String(definition.Type)]] : undefined;
    const path = typeof location === 'string' && !/^[a-z0-9]+:/i.test(location) ? resolve(dirname(file), location) : undefined;
    return path && exists(path) ? readTemplateFile(path, cwd, seen, { file: source.name, id }) : [];
  });
  return [source, ...nested];
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function readFile(file: string, cwd: string): TemplateSource {
  const text = readText(file);
  return { name: shownPath(file, cwd), stage: '', file, text, content: parseTemplate(text, file) };
}

function isTemplate(content: unknown): boolean {
  return isRecord(content) && isRecord(content.Resources);
}
