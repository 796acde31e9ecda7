import type { BedrockRuntime } from '@aws-sdk/client-bedrock-runtime';
import { bedrockClient } from './bedrock-client';
import { STANDARD_POLICY } from './client-policy';
import { RegionPair, regionPair } from './client-regions';
import type { GuardrailReference, RegionalTwins } from './model-route';
import { RUNTIME_PORTS } from './ports-of-runtime';
import { STANDARD_TASK_TYPES } from './standard-task-types';
import type { TaskType } from '../../../../src/contract/task-types';
import { teachingText } from '../../../../src/contract/teaching-error';

export interface BedrockClientProps {
  /** What the client is for. It decides how long an answer may take. */
  readonly taskType: TaskType;
  /** @default - the Region the function runs in */
  readonly region?: string;
  /**
   * Whether a request may go to the fallback Region after repeated failures in its own.
   * @default false
   */
  readonly allowCrossRegion?: boolean;
  /**
   * One guardrail as it is called in each of the two Regions, by Region. A request with the one of its own Region may then fall back, with
   * the one of the other.
   * @default - a request with a guardrail stays in its Region
   */
  readonly guardrailByRegion?: Readonly<Record<string, GuardrailReference>>;
  /**
   * One model as it is called in each of the two Regions, by Region: an application inference profile, a custom or provisioned model.
   * Foundation models and the profiles of AWS need no entry.
   * @default - a request for such a model stays in its Region
   */
  readonly modelByRegion?: Readonly<Record<string, string>>;
}

const clients = new Map<string, BedrockRuntime>();

/** The client for a task type and Regions: a new one for the first caller, the same one for all others. */
export function standardClient(props: BedrockClientProps): BedrockRuntime {
  const { taskType, region, allowCrossRegion = false } = props ?? {};
  STANDARD_TASK_TYPES.require(taskType);
  requireSwitch(allowCrossRegion);
  const regions = regionPair({ region, allowCrossRegion }, STANDARD_POLICY, process.env);
  const twins = twinsOf(props, regions);
  const key = JSON.stringify([taskType, regions.primary, regions.fallback, twins]);
  const client = clients.get(key) ?? newClient(taskType, regions, twins);
  clients.delete(key);
  clients.set(key, client);
  // Whoever still calls through the one that goes can do so; its idle connections close by themselves.
  if (clients.size > STANDARD_POLICY.maxClients) clients.delete(clients.keys().next().value!);
  return client;
}

/** The text "false" of an environment variable would be a yes, and send data to another Region. */
function requireSwitch(allowCrossRegion: unknown): void {
  if (typeof allowCrossRegion === 'boolean') return;
  throw new Error(teachingText('BedrockClientFactory.create', {
    problem: 'allowCrossRegion is no boolean',
    given: allowCrossRegion,
    allowed: 'true or false',
    fix: 'compare the text: `allowCrossRegion: process.env.X === "true"`',
  }));
}

function newClient(taskType: TaskType, regions: RegionPair, twins: RegionalTwins): BedrockRuntime {
  setImmediate(() => STANDARD_TASK_TYPES.refreshWhenDue());
  return bedrockClient({
    policy: STANDARD_POLICY,
    ports: RUNTIME_PORTS,
    taskType,
    ...regions,
    twins,
    readTimeoutMs: () => STANDARD_TASK_TYPES.readTimeoutMs(taskType),
    tryServiceTier: () => STANDARD_TASK_TYPES.tryServiceTier(taskType),
  });
}

function twinsOf({ guardrailByRegion, modelByRegion }: BedrockClientProps, { primary, fallback }: RegionPair): RegionalTwins {
  if (fallback === undefined) return {};
  return {
    guardrails: pairOf('guardrailByRegion', guardrailByRegion, [primary, fallback]),
    models: pairOf('modelByRegion', modelByRegion, [primary, fallback]),
  };
}

/** What is given for the two Regions, in their order, so that equal props give one client. */
function pairOf<T>(
  prop: string, byRegion: Readonly<Record<string, T>> | undefined, regions: readonly string[],
): Record<string, T> | undefined {
  if (byRegion === undefined) return undefined;
  const missing = regions.filter(region => !Object.hasOwn(byRegion, region));
  if (missing.length === 0) return Object.fromEntries(regions.map(region => [region, byRegion[region]]));
  throw new Error(teachingText('BedrockClientFactory.create', {
    problem: `${prop} does not name both Regions`,
    given: Object.keys(byRegion),
    allowed: `an entry for each of ${regions.join(' and ')}`,
    fix: `add ${missing.join(' and ')}`,
  }));
}
