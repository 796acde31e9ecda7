import {
  CodeDeployClient, LifecycleEventAlreadyCompletedException, PutLifecycleEventHookExecutionStatusCommand,
} from '@aws-sdk/client-codedeploy';
import { CALL_OPTIONS } from '../sdk/call-options';

const codeDeploy = new CodeDeployClient(CALL_OPTIONS);

/** What CodeDeploy calls a hook with. */
export interface DeploymentHook {
  readonly DeploymentId: string;
  readonly LifecycleEventHookExecutionId: string;
}

/** Undefined: somebody else has called the function. */
export function tryDeploymentHook(event: unknown): DeploymentHook | undefined {
  const { DeploymentId, LifecycleEventHookExecutionId } = (event ?? {}) as Partial<DeploymentHook>;
  return DeploymentId && LifecycleEventHookExecutionId ? { DeploymentId, LifecycleEventHookExecutionId } : undefined;
}

/** Tells CodeDeploy whether to go on or to roll back; a deployment that has ended meanwhile needs to be told nothing. */
export async function answerHook({ DeploymentId, LifecycleEventHookExecutionId }: DeploymentHook, mayPass: boolean): Promise<void> {
  try {
    await codeDeploy.send(new PutLifecycleEventHookExecutionStatusCommand({
      deploymentId: DeploymentId,
      lifecycleEventHookExecutionId: LifecycleEventHookExecutionId,
      status: mayPass ? 'Succeeded' : 'Failed',
    }));
  } catch (error) {
    if (!(error instanceof LifecycleEventAlreadyCompletedException)) throw error;
  }
}
