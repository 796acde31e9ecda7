import type { BedrockRuntime } from '@aws-sdk/client-bedrock-runtime';
import { appConfigSource } from './app-config-source';
import { bedrockClient } from './bedrock-client';
import { STANDARD_POLICY } from './client-policy';
import { regionPair } from './client-regions';
import { RUNTIME_PORTS } from './ports-of-runtime';
import { TaskTypes } from './task-types';
import { RUNTIME_ENVIRONMENT } from '../../../../src/contract/data';
import type { TaskType } from '../../../../src/contract/task-types';

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
}

const clients = new Map<string, BedrockRuntime>();
const taskTypes = new TaskTypes({
  policy: STANDARD_POLICY,
  source: appConfigSource(process.env[RUNTIME_ENVIRONMENT.variables.clientPolicy.name], RUNTIME_PORTS.logWarning),
  warn: RUNTIME_PORTS.logWarning,
});

/** The client for a task type and Regions: a new one for the first caller, the same one for all others. */
export function standardClient({ taskType, region, allowCrossRegion = false }: BedrockClientProps): BedrockRuntime {
  taskTypes.check(taskType);
  const regions = regionPair({ region, allowCrossRegion }, STANDARD_POLICY, process.env);
  const key = [taskType, regions.primary, regions.fallback].join(' ');
  const known = clients.get(key);
  if (known) return known;

  const client = bedrockClient({
    policy: STANDARD_POLICY,
    ports: RUNTIME_PORTS,
    taskType,
    ...regions,
    readTimeoutMs: () => taskTypes.readTimeoutMs(taskType),
  });
  clients.set(key, client);
  setImmediate(() => taskTypes.refreshWhenDue());
  return client;
}
