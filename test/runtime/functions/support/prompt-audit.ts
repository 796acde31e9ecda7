import { RUNTIME_ENVIRONMENT } from '../../../../src/contract/data';
import { templateText } from '../../../../src/contract/prompts/hashed-text';
import type { PromptContent } from '../../../../src/contract/prompts/prompt-content';
import { currentKey, deploymentObject } from '../../../../src/contract/prompts/registry-keys';
import type { Deployment } from '../../../../src/contract/prompts/statements';
import { FakeApi, type FakeOperation } from '../../../support/fake-api';
import { startLibraryFunction } from '../../../support/library-function';
import { AuditedRegistry } from '../../../support/prompt-registry/audited-registry';
import { ENVIRONMENTS, filledRegistry, type FilledRegistry } from '../../../support/prompt-registry/filled-registry';
import { KEY_ARN, sha256 } from '../../../support/prompt-registry/signed-prompts';
import type { LambdaFunction } from '../../../support/runtime-function';
import type { LambdaGeneration } from '../../../support/runtime-generations';

const TOPIC = 'arn:aws:sns:eu-west-1:999999999999:prompts';
export const INPUT = {
  audit: 'prompt-drift-audit',
  bucket: 'prompts',
  table: 'table',
  signingKey: KEY_ARN,
  eventBus: 'bus',
  environments: ENVIRONMENTS,
  bundled: {},
  topicArn: TOPIC,
};
/** Lambda's longest time. */
export const TIME_MS = 900_000;
export const ID = 'greeting';
export const PROD = { environment: 'prod', id: ID };
export const OTHER = 'Sell {{name}} something.';

/** What the test at work has: what real commands wrote, as AWS, and the function that looks at it. */
export const at = {} as { aws: FakeApi; audit: LambdaFunction; filled: FilledRegistry; registry: AuditedRegistry };

/** For all tests of a `describe`. */
export function runOn(generation: LambdaGeneration): void {
  beforeAll(async () => {
    at.filled = await filledRegistry();
    at.aws = await FakeApi.start();
    const environment = { [RUNTIME_ENVIRONMENT.variables.environment.name]: 'prod' };
    at.audit = await startLibraryFunction({ name: 'prompt-drift-audit', generation, aws: at.aws, environment });
  });
  beforeEach(async () => { at.registry = await AuditedRegistry.of(at.filled.memory); });
  afterAll(async () => {
    await at.audit.stop();
    at.aws.close();
  });
}

export type Line = Record<string, any>;

export async function run(operations: Record<string, FakeOperation> = {}, input: object = INPUT, timeMs = TIME_MS) {
  at.aws.answer({ ...at.registry.operations(), ...operations });
  const before = (await at.audit.log()).length;
  const { kind, body } = await at.audit.invoke(input, timeMs);
  const lines: Line[] = (await at.audit.log()).slice(before);
  const answer = JSON.parse(body);
  return { kind, answer, lines, codes: ((answer.findings ?? []) as Line[]).map(({ environment, code }) => `${environment} ${code}`) };
}

export const published = () => at.aws.callsOf('Publish').map(({ input }) => input as Record<string, string>);
export const counts = (lines: readonly Line[], name: string) =>
  Object.fromEntries(lines.filter(line => name in line).map(line => [line.environment, line[name]]));
export const events = (lines: readonly Line[], name: string) =>
  lines.filter(({ message }) => message === name).map(({ fields }) => fields as Line);

export const hashOf = (document: unknown): string => sha256(templateText(document as PromptContent));

/** Somebody's own words, with the hash that belongs to them. */
export function changed(bytes: Uint8Array): Line {
  const document = { ...JSON.parse(Buffer.from(bytes).toString()) as Line, messages: [{ role: 'user', text: OTHER }] };
  return { ...document, template_hash: hashOf(document) };
}

export const current = (environment = 'prod'): Line => at.registry.item(...keyOf(currentKey({ environment, id: ID })));
export const record = (version = '1.0.0'): Line => at.registry.item(`prompt#${ID}`, `version#${version}`);
export const keyOf = ({ pk, sk }: { pk: string; sk: string }): [string, string] => [pk, sk];
export const copyOf = (environment: string, sequence: number): Deployment =>
  JSON.parse(Buffer.from(at.registry.bytes(deploymentObject({ environment, id: ID, sequence }))).toString()) as Deployment;
export const putBack = (environment: string, deployment: object): void => {
  at.registry.remove(...keyOf(currentKey({ environment, id: ID })));
  at.registry.items.push({ ...deployment, ...currentKey({ environment, id: ID }) });
};
export const signed = async (statement: Line): Promise<Line> => {
  const { signature: _old, pk: _pk, sk: _sk, ...said } = statement;
  return at.filled.sign(said);
};
