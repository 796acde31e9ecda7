import { Lazy, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import { CfnTaskDefinition, ContainerDefinition } from 'aws-cdk-lib/aws-ecs';
import { CfnPolicy, IGrantable, IIdentity, Policy } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Construct, IConstruct } from 'constructs';
import { addBundledPrompts, BundledPrompt, rememberCopy } from './bundled-prompts';
import { PromptReads } from './prompt-reads';
import { readableObjects, readStatements } from './read-permissions';
import { PromptStore, Registry, SANDBOX } from './store';
import { PROMPT_REGISTRY, RUNTIME_ENVIRONMENT } from '../contract/data';
import { offerPolicy, tryIdentity } from '../standards/identities/policy-offer';
import { acknowledgeLate } from '../standards/late-values/acknowledge-late';
import { resolvedText } from '../standards/late-values/resolved-text';
import { sharedMark } from '../standards/marks';
import { Standards } from '../standards/standards';
import { teachingError, teachingMessage } from '../standards/teaching-error';

const ID = new RegExp(PROMPT_REGISTRY.idPattern);
const { prompts: VARIABLE, product: PRODUCT, environment: ENVIRONMENT } = RUNTIME_ENVIRONMENT.variables;
const READER = 'PromptReader';
const HOME = 'PromptHome';

/** What somebody reads, of one registry, in one environment. */
interface Reader {
  readonly registry: Registry;
  readonly store: PromptStore;
  readonly environment: string;
  readonly ids: Set<string>;
  readonly bundled: Map<string, BundledPrompt>;
  readonly policy: Policy;
}

/** Who reads, and the construct that its policy stands in. */
interface Holder {
  readonly holder: Construct;
  readonly identity: IIdentity;
}

/** Lets a function, or whatever has a role, read prompts of a registry in its own environment; a function is told where they are. */
export function grantPromptReads(registry: Registry, grantee: IGrantable, { prompts, bundled }: PromptReads): void {
  const identity = requireIdentity(registry, grantee);
  const holder = grantee instanceof Construct ? grantee as Construct : identity as unknown as Construct;
  const reader = addPrompts(registry, { holder, identity }, prompts, made => {
    if (holder instanceof Function) tellFunction(holder, made);
  });
  if (bundled === undefined) return;
  const copies = addBundledPrompts(requireFunction(holder, bundled), bundled, prompts);
  for (const [id, copy] of copies) {
    reader.bundled.set(id, copy);
    rememberCopy(registry.scope, { environment: reader.environment, id, templateHash: copy.templateHash });
  }
}

/** Lets the task of a container read prompts in the container's own environment, and tells the container where they are. */
export function grantContainerReads(registry: Registry, container: ContainerDefinition, { prompts, bundled }: PromptReads): void {
  if (bundled !== undefined) requireFunction(container, bundled);
  const identity = requireIdentity(registry, container.taskDefinition.taskRole);
  addPrompts(registry, { holder: container, identity }, prompts, made => tellContainer(container, made));
}

/** What is granted later is added to what is there; only the first time there is something to tell. */
function addPrompts(registry: Registry, who: Holder, prompts: readonly string[], tell: (reader: Reader) => void): Reader {
  requirePrompts(who.holder, prompts);
  const reader = readerOf(registry, who, tell);
  requireOneHome(who.identity, reader);
  for (const id of prompts) reader.ids.add(id);
  return reader;
}

function requireIdentity({ scope }: Registry, grantee: IGrantable): IIdentity {
  const identity = tryIdentity(grantee.grantPrincipal);
  if (!identity) {
    throw teachingError(scope, {
      problem: 'The grantee is no identity of this app, so that nothing says which environment it belongs to, nor holds a policy',
      given: grantee.grantPrincipal.policyFragment.principalJson,
      allowed: 'functions, roles, users and groups',
      fix: 'grant the role under which the prompts are read',
    });
  }
  const { account } = Stack.of(scope);
  const { principalAccount } = identity;
  if (Token.compareStrings(account, principalAccount ?? account) !== TokenComparison.DIFFERENT) return identity;
  throw teachingError(scope, {
    problem: 'The prompts of this registry are for services of its own account',
    given: principalAccount,
    allowed: `roles of the account ${account}`,
    fix: 'create a PromptRegistry in each account that has services, and let the pipeline publish to each',
  });
}

function requirePrompts(holder: IConstruct, prompts: readonly string[]): void {
  const known = new Set<string>();
  for (const id of prompts) {
    if (Token.isUnresolved(id) || !ID.test(id) || known.has(id)) {
      throw teachingError(holder, {
        problem: 'This is no id of a prompt, or it is there twice',
        given: id,
        allowed: `ids known at synth, each once, that match ${PROMPT_REGISTRY.idPattern}`,
        fix: 'write what the file of the prompt is called before .prompt.md, for example "greeting"',
      });
    }
    known.add(id);
  }
  if (known.size > 0) return;
  throw teachingError(holder, {
    problem: 'There are no prompts to read',
    given: prompts,
    allowed: 'one id of a prompt, or several',
    fix: 'name the prompts that the service reads, or remove this grantRead',
  });
}

/** One a function, container or role. */
function readerOf(registry: Registry, { holder, identity }: Holder, tell: (reader: Reader) => void): Reader {
  const reader = sharedMark(holder, READER, () => {
    const made = newReader(registry, { holder, identity });
    tell(made);
    return made;
  });
  if (reader.registry.scope === registry.scope) return reader;
  throw teachingError(holder, {
    problem: 'It reads the prompts of another registry already',
    given: registry.scope.node.path,
    allowed: `prompts of one registry, here ${reader.registry.scope.node.path}`,
    fix: 'publish all prompts of the service to one registry',
  });
}

function newReader(registry: Registry, { holder, identity }: Holder): Reader {
  const { environment, store } = placeOf(registry, holder);
  const read = { store, environment, ids: new Set<string>() };
  const policy = new Policy(holder, 'ReadPrompts', { statements: readStatements(holder, read) });
  offerPolicy(identity, policy);
  const reason = 'The versions of one prompt in one environment: the pipeline adds new ones.';
  acknowledgeLate(policy, () => Object.fromEntries(
    readableObjects(read).map(arn => [`AwsSolutions-IAM5[Resource::${resolvedText(policy, arn)}]`, reason])));
  return { ...read, registry, policy, bundled: new Map<string, BundledPrompt>() };
}

function placeOf({ scope, environments, store, sandbox }: Registry, holder: Construct): Pick<Reader, 'environment' | 'store'> {
  const { environment } = Standards.of(holder);
  if (environment === SANDBOX && sandbox) return { environment, store: sandbox };
  if (environments.includes(environment)) return { environment, store };
  throw teachingError(holder, {
    problem: `The registry ${scope.node.path} has no prompts for the environment of the nearest Standards`,
    given: environment,
    allowed: [...environments, ...sandbox ? [SANDBOX] : []].join(', '),
    fix: 'apply Standards with one of these to the stack of the service, or add the environment to the registry',
  });
}

/** A role of two environments would read the prompts of both, whatever it runs; and of the sandbox what nobody approved. */
function requireOneHome(identity: IIdentity, { registry: { scope }, environment }: Reader): void {
  const role = identity as unknown as IConstruct;
  const home = sharedMark(role, HOME, () => environment);
  if (home === environment) return;
  throw teachingError(role, {
    problem: `The role would read the prompts of two environments of ${scope.node.path}`,
    given: [home, environment],
    allowed: home === SANDBOX || environment === SANDBOX
      ? 'the sandbox, or an environment with customers: never both'
      : 'prompts of one environment',
    fix: 'give the service of each environment a role of its own',
  });
}

/** Remembers that an identity belongs to the sandbox. */
export function requireSandboxOnly(registry: Registry, grantee: IGrantable): IIdentity {
  const identity = requireIdentity(registry, grantee);
  requireOneHome(identity, { registry, environment: SANDBOX } as Reader);
  return identity;
}

function requireFunction(holder: Construct, bundled: string): Function {
  if (holder instanceof Function) return holder;
  throw teachingError(holder, {
    problem: 'Copies of prompts are bundled with a function, and this is none of this app',
    given: bundled,
    allowed: 'bundled for a StandardLambda or another function',
    fix: 'grant the function itself, or leave bundled out and put the exported files into the code',
  });
}

function tellFunction(fn: Function, reader: Reader): void {
  fn.addEnvironment(VARIABLE.name, Lazy.string({ produce: () => Stack.of(fn).toJsonString(whereabouts(reader)) }));
  fn.node.addValidation({ validate: () => findTooMany(fn, reader, ROOM.function) });
}

/** In the sandbox the runtime takes prompts only with the environment beside them, and its alarms ring by product and environment. */
function tellContainer(container: ContainerDefinition, reader: Reader): void {
  const { product, environment } = Standards.of(container);
  container.addEnvironment(PRODUCT.name, product);
  container.addEnvironment(ENVIRONMENT.name, environment);
  container.addEnvironment(VARIABLE.name, Lazy.string({ produce: () => Stack.of(container).toJsonString(whereabouts(reader)) }));
  container.node.addValidation({ validate: () => findTooMany(container, reader, ROOM.container) });
  // A service waits for its task definition and for the task's role, and would else start before the role may read.
  const [task, policy] = [container.taskDefinition, reader.policy].map(({ node }) => node.defaultChild);
  (task as CfnTaskDefinition).addResourceDependency(policy as CfnPolicy);
}

function whereabouts({ registry, store, environment, ids, bundled }: Reader): unknown {
  const prompts = [...ids].sort().map(id => [id, bundled.get(id) ?? {}] as const);
  return {
    bucket: store.bucket.bucketName,
    table: store.table.tableName,
    key: store.signingKey?.keyArn,
    region: Stack.of(registry.scope).region,
    environment,
    prompts: Object.fromEntries(prompts),
  };
}

/** Lambda takes 4 KB of environment in all, ECS 64 KB of a task definition; half of them are for what else stands there. */
const ROOM = {
  function: { bytes: 2_048, of: 'Lambda has no room for so many prompts in the environment of a function', parts: 'functions' },
  container: { bytes: 32_768, of: 'ECS has no room for so many prompts in a task definition', parts: 'tasks' },
} as const;

function findTooMany(holder: IConstruct, { ids, bundled }: Reader, room: typeof ROOM[keyof typeof ROOM]): string[] {
  const bytes = JSON.stringify([...ids].map(id => [id, bundled.get(id) ?? {}])).length;
  if (bytes <= room.bytes) return [];
  return [teachingMessage(holder, {
    problem: room.of,
    given: `${ids.size} prompts, ${bytes} bytes`,
    allowed: `${room.bytes} bytes of ids and hashes`,
    fix: `bundle fewer of them, or part the service into several ${room.parts}`,
  })];
}
