import { Stack } from 'aws-cdk-lib';
import { CodePipeline, CodePipelineSource, ManualApprovalStep, ShellStep } from 'aws-cdk-lib/pipelines';
import { Construct } from 'constructs';
import { BookshopStage } from './bookshop-stage';
import { Step } from './step';

const TOOLS = { account: '111122223333', region: 'us-east-1' };
const CONNECTION = 'arn:aws:codeconnections:us-east-1:111122223333:connection/00000000-0000-4000-8000-000000000000';

/** Deploys the shop to three stages, one account each. */
export class BookshopPipeline extends Stack {
  constructor(scope: Construct, id: string, step: Step) {
    super(scope, id, { env: TOOLS });
    const pipeline = new CodePipeline(this, 'Pipeline', {
      crossAccountKeys: true,
      synth: new ShellStep('Synth', {
        input: CodePipelineSource.connection('bookshop/app', 'main', { connectionArn: CONNECTION }),
        commands: ['npm ci', 'npx cdk synth'],
      }),
    });
    const stageIn = (name: string, account: string) => new BookshopStage(this, name, { env: { account, region: 'us-east-1' }, step });
    pipeline.addStage(stageIn('dev', '222222222222'));
    pipeline.addStage(stageIn('staging', '333333333333'));
    pipeline.addStage(stageIn('prod', '444444444444'), { pre: [new ManualApprovalStep('Release')] });
  }
}
