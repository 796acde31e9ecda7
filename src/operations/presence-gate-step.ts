import { Aws, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CodeBuildStep } from 'aws-cdk-lib/pipelines';
import { PresenceGate } from './presence-gate';
import { teachingError } from '../standards/teaching-error';

/** Properties of a `PresenceGateStep`. */
export interface PresenceGateStepProps {
  /** The gate, in a stack of the stage after which the step runs. It has no `deploymentGroup`, and no exemption. */
  readonly gate: PresenceGate;
}

/**
 * Asks a `PresenceGate` after a stage of CDK Pipelines has been deployed, and fails when it stays shut: `pipeline.addStage(stage,
 * { post: [step] })`.
 *
 * It runs `aws lambda invoke` in CodeBuild, and may do nothing but that. What a pipeline does on a failed step is its own to say; a
 * pipeline of type V2 can roll the stage back.
 *
 * Errors: a gate that is exempt.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
 */
export class PresenceGateStep extends CodeBuildStep {
  constructor(id: string, props: PresenceGateStepProps) {
    const { functionName } = props.gate;
    if (functionName === undefined) {
      throw teachingError(props.gate, {
        problem: `The step ${id} has no gate to ask: its service is exempt`,
        given: 'a PresenceGate with an exemption',
        allowed: 'a PresenceGate with requests',
        fix: 'leave the step out',
      });
    }
    const { account, region } = placeOf(props.gate);
    const functionArn = `arn:${Aws.PARTITION}:lambda:${region}:${account}:function:${functionName}`;
    super(id, {
      commands: [
        // Once, and as long as it takes: by itself the CLI asks again after a minute.
        `AWS_MAX_ATTEMPTS=1 aws lambda invoke --function-name "${functionArn}" --region "${region}" --cli-read-timeout 0 `
          + '--cli-binary-format raw-in-base64-out --payload \'{}\' --query FunctionError --output text gate.json > problem.txt',
        'cat gate.json',
        // The call itself succeeds when the function fails.
        'grep -qx None problem.txt',
      ],
      rolePolicyStatements: [new PolicyStatement({ sid: 'AskPresenceGate', actions: ['lambda:InvokeFunction'], resources: [functionArn] })],
    });
  }
}

/** A stage without an environment goes where its pipeline is. */
function placeOf(gate: PresenceGate): { account: string; region: string } {
  const { account, region } = Stack.of(gate);
  return {
    account: Token.isUnresolved(account) ? Aws.ACCOUNT_ID : account,
    region: Token.isUnresolved(region) ? Aws.REGION : region,
  };
}
