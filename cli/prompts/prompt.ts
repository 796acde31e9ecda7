import { sha256 } from './registry/seal';
import { compiledText, templateText } from '../../src/contract/prompts/hashed-text';
import { PromptContent, PromptVariable } from '../../src/contract/prompts/prompt-content';

/** One version of a prompt, as its file has it. */
export interface Prompt {
  readonly file: string;
  readonly id: string;
  readonly version: string;
  readonly content: PromptContent;
  readonly variables: Readonly<Record<string, PromptVariable>>;
}

/** The hashes by which a prompt is known. */
export interface PromptHashes {
  readonly id: string;
  readonly version: string;
  /** SHA-256 of the prompt with its variables unfilled. */
  readonly templateHash: string;
  /** The same with every variable filled by its sample. */
  readonly compiledHash: string;
}

export function hashesOf({ id, version, content, variables }: Prompt): PromptHashes {
  return { id, version, templateHash: sha256(templateText(content)), compiledHash: sha256(compiledText(content, variables)) };
}
