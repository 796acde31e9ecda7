import { createHash, createPrivateKey, KeyObject, sign } from 'crypto';
import testKey from './signing-key.json';
import type { Attribute, Attributes } from '../../../runtime/node/prompts/attributes';
import { canonicalJson, JsonValue } from '../../../src/contract/prompts/canonical-json';
import { compiledText, templateText } from '../../../src/contract/prompts/hashed-text';
import type { PromptContent, PromptVariable } from '../../../src/contract/prompts/prompt-content';
import { currentKey, environmentObject } from '../../../src/contract/prompts/registry-keys';
import { signedText } from '../../../src/contract/prompts/signed-text';

export const KEY_ARN = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
export const PUBLIC_KEY = Buffer.from(testKey.publicKey, 'base64');
export const TEST_KEY = createPrivateKey({ key: Buffer.from(testKey.privateKey, 'base64'), format: 'der', type: 'pkcs8' });

export type Statement = Record<string, JsonValue | undefined>;

/** A document as it lies in the bucket, and what a deployment says of it. */
export interface Published {
  readonly bytes: Buffer;
  readonly release: Record<string, string>;
}

export interface PublishedOptions {
  readonly id?: string;
  readonly version?: string;
  readonly environment?: string;
  readonly text?: string;
  readonly content?: Partial<PromptContent>;
  readonly variables?: Record<string, PromptVariable>;
  readonly key?: KeyObject | null;
  /** Changes the document before it is signed. */
  readonly edit?: (document: Statement) => void;
}

export function signed(statement: Statement, key: KeyObject | null = TEST_KEY): Statement {
  return key ? { ...statement, signature: sign('sha256', Buffer.from(signedText(statement)), key).toString('base64') } : statement;
}

export function published(options: PublishedOptions = {}): Published {
  const { id = 'greeting', version = '1.0.0', environment = 'prod', text = 'Say hello to {{name}}.', key = TEST_KEY } = options;
  const { variables = { name: { sample: 'Ada', maxLength: 40 } } } = options;
  const written = { model: 'amazon.nova-pro-v1:0', messages: [{ role: 'user', text }], parameters: { maxTokens: 512 } } as const;
  const content: PromptContent = { ...written, ...options.content };
  const template_hash = sha256(templateText(content));
  const compiled_hash = sha256(compiledText(content, variables));
  const document: Statement = {
    kind: 'version',
    id,
    version,
    ...content as unknown as Statement,
    variables: variables as unknown as JsonValue,
    source: text,
    template_hash,
    compiled_hash,
    track: 'standard',
    tokens: null,
    author: 'ana',
    time: '2026-11-28T04:00:00.000Z',
  };
  options.edit?.(document);
  const bytes = Buffer.from(canonicalJson(signed(document, key)));
  return { bytes, release: releaseOf(bytes, { id, version, environment, template_hash, compiled_hash }) };
}

type Names = Record<'id' | 'version' | 'environment' | 'template_hash' | 'compiled_hash', string>;

function releaseOf(bytes: Buffer, names: Names): Record<string, string> {
  const { version, template_hash, compiled_hash } = names;
  const digest = sha256(bytes);
  const object_version_id = `v-${digest.slice(0, 12)}`;
  return { version, template_hash, compiled_hash, key: environmentObject(names), object_version_id, sha256: digest };
}

export interface DeployedOptions {
  readonly id?: string;
  readonly environment?: string;
  readonly sequence?: number;
  readonly candidate?: Statement;
  readonly revoked?: readonly string[];
  readonly key?: KeyObject | null;
  /** Changes the statement before it is signed. */
  readonly edit?: (statement: Statement) => void;
}

/** The item of a deployment, as DynamoDB has it. */
export function deployed(active: Statement, options: DeployedOptions = {}): Attributes {
  const { id = 'greeting', environment = 'prod', sequence = 1, candidate, revoked = [], key } = options;
  const statement: Statement = {
    kind: 'deployment',
    environment,
    prompt_id: id,
    sequence,
    active: active as JsonValue,
    ...candidate && { candidate: candidate as JsonValue },
    revoked,
    by: 'arn:aws:sts::111122223333:assumed-role/Pipeline/run',
    time: '2026-11-28T04:00:00.000Z',
    event_id: `e-${sequence}`,
  };
  options.edit?.(statement);
  return itemOf({ ...currentKey({ environment, id }), ...signed(statement, key) });
}

export function itemOf(statement: Statement): Attributes {
  return Object.fromEntries(Object.entries(statement).map(([name, value]) => [name, attributeOf(value!)]));
}

function attributeOf(value: JsonValue): Attribute {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  return Array.isArray(value) ? { L: value.map(attributeOf) } : { M: itemOf(value as Statement) };
}

export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}
