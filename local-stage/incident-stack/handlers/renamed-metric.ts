import { emitMetric } from 'cdk-plumbline/runtime';

/** A service whose author prefers another name for the number of invocations, and has talked the compiler into it. */
export async function handler(): Promise<{ emitted: string }> {
  const renamed = 'BedrockInvocations';
  emitMetric(renamed as 'BedrockInvocationCount', 1, { model_id: 'any', task_type: 'synthesis' });
  return { emitted: renamed };
}
