import { createHash } from 'crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname, join, relative } from 'path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { CfnFunction, Code, Function, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct, IConstruct } from 'constructs';
import { PROMPT_REGISTRY } from '../contract/data';
import { templateText } from '../contract/prompts/hashed-text';
import { PromptContent } from '../contract/prompts/prompt-content';
import { sharedMark } from '../standards/marks';
import { teachingError } from '../standards/teaching-error';

/** Where layers are in a function. */
const LAYERS = '/opt';
const LAYER = 'PromptCopies';

/** Where a function finds its copy of a prompt, and the hash that the copy must have. */
export interface BundledPrompt {
  readonly bundled: string;
  readonly templateHash: string;
}

/** A copy in the code of the functions of an environment. */
export interface PlacedCopy {
  readonly environment: string;
  readonly id: string;
  readonly templateHash: string;
}

const COPIES = 'BundledPrompts';

/** All copies of a registry's prompts in functions' code, each once: for its audit. There may be more until the template is made. */
export function bundledCopies(registry: Construct): PlacedCopy[] {
  const copies = sharedMark(registry, COPIES, (): PlacedCopy[] => []);
  const name = ({ environment, id, templateHash }: PlacedCopy): string => `${environment} ${id} ${templateHash}`;
  return [...new Map(copies.map(copy => [name(copy), copy])).entries()].sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, copy]) => copy);
}

/** Remembers a copy for the audit of its registry. */
export function rememberCopy(registry: Construct, copy: PlacedCopy): void {
  sharedMark(registry, COPIES, (): PlacedCopy[] => []).push(copy);
}

interface ExportedPrompt extends PromptContent {
  readonly id: string;
  readonly template_hash?: string;
}

/** Brings the copies of prompts in an exported file to a function, in a layer of their own; by id what the function has to know of each. */
export function addBundledPrompts(fn: Function, file: string, ids: readonly string[]): Map<string, BundledPrompt> {
  requireUnsignedCode(fn, file);
  const exported = exportedIn(fn, file);
  const prompts = ids.map(id => requireWhole(fn, file, id, exported.filter(prompt => prompt?.id === id)));
  fn.addLayers(layerOf(fn, file, prompts));
  return new Map(prompts.map(prompt =>
    [prompt.id, { bundled: `${PROMPT_REGISTRY.bundledFolder}/${prompt.id}.json`, templateHash: hashOf(prompt) }]));
}

function layerOf(fn: Function, file: string, prompts: readonly ExportedPrompt[]): LayerVersion {
  const earlier = fn.node.children.filter(({ node: { id } }) => id.startsWith(LAYER)).length;
  return new LayerVersion(fn, earlier === 0 ? LAYER : `${LAYER}${earlier + 1}`, {
    description: `Copies of prompts for ${fn.node.path}`.slice(0, 256),
    // Only the prompts that are named, where the runtime looks for them. The folder is what the CDK wants to see; nothing else is taken.
    code: Code.fromAsset(dirname(file), {
      assetHashType: AssetHashType.CUSTOM,
      assetHash: sha256(JSON.stringify(prompts)),
      bundling: {
        image: DockerImage.fromRegistry('never-run'),
        local: { tryBundle: outputFolder => writeCopies(join(outputFolder, relative(LAYERS, PROMPT_REGISTRY.bundledFolder)), prompts) },
      },
    }),
  });
}

function writeCopies(folder: string, prompts: readonly ExportedPrompt[]): boolean {
  mkdirSync(folder, { recursive: true });
  for (const prompt of prompts) writeFileSync(join(folder, `${prompt.id}.json`), JSON.stringify(prompt));
  return true;
}

function exportedIn(fn: Function, file: string): (ExportedPrompt | null)[] {
  try {
    const prompts: unknown = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
    if (Array.isArray(prompts)) return prompts as ExportedPrompt[];
  } catch (error) {
    throw notExported(fn, 'The copies of the prompts cannot be read', `${file}: ${(error as Error).message}`);
  }
  throw notExported(fn, 'The copies of the prompts are no list', file);
}

/** The one prompt of its id, when its hash is that of its content. */
function requireWhole(fn: IConstruct, file: string, id: string, [prompt, ...others]: readonly (ExportedPrompt | null)[]): ExportedPrompt {
  if (!prompt || others.length > 0) {
    throw notExported(fn, prompt ? 'The file holds several versions of a prompt' : 'The file does not hold a prompt', { file, id });
  }
  const hash = tryHash(prompt);
  if (hash !== undefined && prompt.template_hash === hash) return prompt;
  throw notExported(fn, 'A prompt was changed after it was exported: its template_hash is another one than that of its content', {
    file, id, template_hash: prompt.template_hash, content: hash,
  });
}

/** What is no prompt has none. */
function tryHash(prompt: ExportedPrompt): string | undefined {
  try {
    return hashOf(prompt);
  } catch {
    return undefined;
  }
}

function hashOf(prompt: ExportedPrompt): string {
  return sha256(templateText(prompt));
}

function notExported(fn: IConstruct, problem: string, given: unknown): Error {
  return teachingError(fn, {
    problem,
    given,
    allowed: 'a file with one version of each of the prompts, as `plumbline prompts export` writes it',
    fix: 'export the prompts anew, or leave bundled out',
  });
}

function requireUnsignedCode(fn: Function, bundled: string): void {
  if ((fn.node.defaultChild as CfnFunction).codeSigningConfigArn === undefined) return;
  throw teachingError(fn, {
    problem: 'The function takes signed code only, and the layer with the copies is not signed',
    given: { bundled },
    allowed: 'no bundled prompts where code signing is enforced',
    fix: 'leave bundled out',
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
