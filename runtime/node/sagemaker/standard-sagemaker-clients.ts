import type { SageMakerRuntime } from '@aws-sdk/client-sagemaker-runtime';
import { SAGEMAKER_PORTS } from './ports-of-runtime';
import { sageMakerClient } from './sagemaker-client';
import type { TaskType } from '../../../src/contract/task-types';
import { STANDARD_POLICY } from '../bedrock/client/client-policy';
import { regionPair } from '../bedrock/client/client-regions';
import { STANDARD_TASK_TYPES } from '../bedrock/client/standard-task-types';

const ASKED = 'SageMakerClientFactory.create';

export interface SageMakerClientProps {
  /** What the client is for. It decides how long an answer may take. */
  readonly taskType: TaskType;
}

const clients = new Map<string, SageMakerRuntime>();

/** The client for a task type: a new one for the first caller, the same one for all others. The standard knows few task types. */
export function standardSageMakerClient({ taskType }: SageMakerClientProps): SageMakerRuntime {
  STANDARD_TASK_TYPES.require(taskType, ASKED);
  const { primary: region } = regionPair({ allowCrossRegion: false }, STANDARD_POLICY, process.env, ASKED);
  const key = JSON.stringify([taskType, region]);
  const client = clients.get(key) ?? newClient(taskType, region);
  clients.set(key, client);
  return client;
}

function newClient(taskType: TaskType, region: string): SageMakerRuntime {
  setImmediate(() => STANDARD_TASK_TYPES.refreshWhenDue());
  return sageMakerClient({
    policy: STANDARD_POLICY,
    ports: SAGEMAKER_PORTS,
    taskType,
    region,
    readTimeoutMs: () => STANDARD_TASK_TYPES.readTimeoutMs(taskType),
  });
}
