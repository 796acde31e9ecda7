import { Duration, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { PromptStore, SANDBOX } from './store';
import { PROMPT_REGISTRY } from '../contract/data';
import { teachingError } from '../standards/teaching-error';

const { environmentPattern, storage } = PROMPT_REGISTRY;
/** The rest is for what else the parameter says. */
const MOST_CHARACTERS = 2_000;
const NAME = new RegExp(environmentPattern);

/** The environments, when prompts can be promoted from one to the next. */
export function requireEnvironments(scope: Construct, environments: readonly string[]): string[] {
  const isGiven = !Token.isUnresolved(environments) && environments.length > 0;
  const isFine = (name: string, index: number) => !Token.isUnresolved(name) && NAME.test(name) && name !== SANDBOX
    && environments.indexOf(name) === index;
  if (isGiven && environments.every(isFine)) return [...environments];
  throw teachingError(scope, {
    problem: 'These are no environments that prompts can be promoted through',
    given: environments,
    allowed: `one name or several, known at synth, each once, that match ${environmentPattern}; "${SANDBOX}" comes by the prop sandbox`,
    fix: 'name them as the Standards of their services do, for example environments: [\'dev\', \'staging\', \'prod\']',
  });
}

/** Without a role nobody could ever publish. */
export function requirePipelineRoles(scope: Construct, roles: readonly IRole[]): void {
  if (roles.length > 0 && new Set(roles).size === roles.length) return;
  throw teachingError(scope, {
    problem: roles.length === 0 ? 'Nobody could publish: there is no role of a pipeline' : 'A role of the pipeline is there twice',
    given: roles.map(({ node: { path } }) => path),
    allowed: 'one role or several, each once',
    fix: 'give pipelineRoles the role under which the pipeline runs plumbline prompts',
  });
}

/** A bucket, a table and a key of this account: another account's roles could be let in by their own account only half. */
export function requireOwnRole(scope: Construct, role: IRole): void {
  const { account } = Stack.of(scope);
  const isForeign = Token.compareStrings(account, role.env.account) === TokenComparison.DIFFERENT;
  if (!isForeign) return;
  throw teachingError(scope, {
    problem: 'The role belongs to another account than the registry',
    given: role.env.account,
    allowed: `roles of the account ${account}`,
    fix: 'create a role in the registry\'s account, and let the pipeline assume it',
  });
}

/** The retention in days that S3 takes. */
export function requireRetention(scope: Construct, retention: Duration | undefined): Duration {
  if (retention === undefined) return Duration.days(storage.defaultRetentionDays);
  const days = retention.isUnresolved() ? NaN : retention.toDays({ integral: false });
  if (Number.isInteger(days) && days >= 1 && days <= storage.maxRetentionDays) return retention;
  throw teachingError(scope, {
    problem: 'S3 cannot lock objects for this time',
    given: retention.isUnresolved() ? retention : retention.toHumanString(),
    allowed: `whole days from 1 to ${storage.maxRetentionDays}, known at synth`,
    fix: `write retention: Duration.days(${storage.defaultRetentionDays}), or leave it out`,
  });
}

/** The phrases, when a line of a prompt can hold them; a parameter of SSM takes 4,096 characters. */
export function requirePolicyPhrases(scope: Construct, phrases: readonly string[]): readonly string[] {
  const isFine = (phrase: string, index: number) => !Token.isUnresolved(phrase) && phrase.trim() !== '' && !phrase.includes('\n')
    && phrases.findIndex(one => one.trim().toLowerCase() === phrase.trim().toLowerCase()) === index;
  const isGiven = !Token.isUnresolved(phrases) && phrases.every(isFine) && JSON.stringify(phrases).length <= MOST_CHARACTERS;
  if (isGiven) return phrases;
  throw teachingError(scope, {
    problem: 'These are no phrases that a content policy can be found by',
    given: phrases,
    allowed: `texts of one line, known at synth, each once whatever its letters, ${MOST_CHARACTERS} characters together as JSON`,
    fix: 'write each as it stands in your prompts, for example policyPhrases: [\'age rating\', \'spoilers\']',
  });
}

/** The sandbox of a registry that has one. */
export function requireSandbox(scope: Construct, sandbox: PromptStore | undefined): PromptStore {
  if (sandbox) return sandbox;
  throw teachingError(scope, {
    problem: 'The registry has no sandbox',
    given: { sandbox: false },
    allowed: 'grantSandbox with sandbox: true',
    fix: 'give the PromptRegistry sandbox: true',
  });
}
