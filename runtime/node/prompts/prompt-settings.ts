import { isAbsolute, join } from 'node:path';
import { PROMPT_REGISTRY, RUNTIME_ENVIRONMENT } from '../../../src/contract/data';
import { teachingText } from '../../../src/contract/teaching-error';
import { isServiceOnEcs } from '../telemetry/settings';

const { prompts: VARIABLE, promptsFile: FILE_VARIABLE, environment: ENVIRONMENT } = RUNTIME_ENVIRONMENT.variables;
const UNGATED: readonly string[] = PROMPT_REGISTRY.ungatedEnvironments;

/** A copy of a prompt in the function's code. */
export interface BundledCopy {
  readonly file: string;
  /** What its template hash has to be. */
  readonly templateHash: string;
}

/** Where the prompts of a function are. */
export interface PromptSettings {
  readonly bucket: string;
  readonly table: string;
  /** The key that everything is signed with; undefined in the sandbox, where nothing is. */
  readonly key: string | undefined;
  readonly region: string;
  readonly environment: string;
  readonly prompts: ReadonlyMap<string, { readonly bundled?: BundledCopy }>;
}

/** The settings that the construct wrote. Errors: there are none, or they are not what it writes. */
export function readPromptSettings(env: NodeJS.ProcessEnv): PromptSettings {
  const text = env[VARIABLE.name];
  if (!text) throw new Error(notSet());
  const given = parsed(text);
  const { bucket, table, key, region, environment, prompts } = given;
  for (const [name, value] of Object.entries({ bucket, table, region, environment })) requireText(name, value);
  const isUnsigned = UNGATED.includes(environment as string);
  // Else one changed word in one variable would be enough to have unsigned prompts in production.
  const own = env[ENVIRONMENT.name];
  if (isUnsigned && own !== environment) throw wrong(`${ENVIRONMENT.name} is not ${String(environment)}`, own);
  if (!isUnsigned) requireText('key', key);
  if (typeof prompts !== 'object' || prompts === null || Array.isArray(prompts)) throw wrong('prompts is not there', prompts);
  return {
    bucket: bucket as string,
    table: table as string,
    key: isUnsigned ? undefined : key as string,
    region: region as string,
    environment: environment as string,
    prompts: new Map(Object.entries(prompts).map(([id, prompt]) => [id, promptOf(id, prompt, env)])),
  };
}

/** The file that stands for the registry in a unit test. Errors: this is no unit test. */
export function tryPromptsFile(env: NodeJS.ProcessEnv): string | undefined {
  const file = env[FILE_VARIABLE.name];
  if (!file) return undefined;
  if (!env.AWS_LAMBDA_FUNCTION_NAME && !isServiceOnEcs(env)) return file;
  throw new Error(teachingText('getPrompt', {
    problem: `${FILE_VARIABLE.name} is for unit tests, and this is a function of Lambda or a container of ECS`,
    given: file,
    allowed: 'prompts of the registry, whose signatures are checked',
    fix: `take ${FILE_VARIABLE.name} out of the environment, and let PromptRegistry.grantRead set ${VARIABLE.name}`,
  }));
}

function promptOf(id: string, given: unknown, env: NodeJS.ProcessEnv): { readonly bundled?: BundledCopy } {
  const { bundled, templateHash } = Object(given) as { bundled?: unknown; templateHash?: unknown };
  if (bundled === undefined) return {};
  requireText(`prompts.${id}.bundled`, bundled);
  requireText(`prompts.${id}.templateHash`, templateHash);
  const path = bundled as string;
  const file = isAbsolute(path) ? path : join(env.LAMBDA_TASK_ROOT || process.cwd(), path);
  return { bundled: { file, templateHash: templateHash as string } };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const given: unknown = JSON.parse(text);
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Record<string, unknown>;
  } catch {
    // Told below: whatever is wrong with it, it is not what a construct wrote.
  }
  throw wrong('it is no JSON object', text.slice(0, 100));
}

function requireText(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw wrong(`${name} is no text`, value);
}

function wrong(problem: string, given: unknown): Error {
  return new Error(teachingText('getPrompt', {
    problem: `the environment variable ${VARIABLE.name} cannot be used: ${problem}`,
    given,
    allowed: 'what PromptRegistry.grantRead writes',
    fix: 'let grantRead set it, and do not change it',
  }));
}

function notSet(): string {
  return teachingText('getPrompt', {
    problem: 'the service does not know where its prompts are',
    given: undefined,
    allowed: `the environment variable ${VARIABLE.name}; in a unit test ${FILE_VARIABLE.name}`,
    fix: 'call grantRead(function, { prompts: [id] }) of the PromptRegistry, or grantReadToContainer',
  });
}
