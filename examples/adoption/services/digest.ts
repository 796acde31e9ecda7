import { NestedStack, NestedStackProps } from 'aws-cdk-lib';
import { FoundationModel, FoundationModelIdentifier } from 'aws-cdk-lib/aws-bedrock';
import { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { DefinitionBody, StateMachine, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { BedrockInvokeModel, DynamoAttributeValue, DynamoPutItem, LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';

/** Properties of the `DigestStack`. */
export interface DigestStackProps extends NestedStackProps {
  /** The table of the books, in which the digest stands too. */
  readonly titles: ITableV2;
  /** The id of the model that writes. */
  readonly model: string;
  /** What runs the model for it; until there is one, it calls Bedrock by itself. */
  readonly writer?: IFunction;
}

/** Writes once a week what is new: a state machine, in a nested stack. */
export class DigestStack extends NestedStack {
  constructor(scope: Construct, id: string, { titles, model, writer, ...props }: DigestStackProps) {
    super(scope, id, props);
    const keep = new DynamoPutItem(this, 'Keep', { table: titles, item: { isbn: DynamoAttributeValue.fromString('digest') } });
    const write = writer
      ? new LambdaInvoke(this, 'Write', { lambdaFunction: writer })
      : this.callBedrock(model);
    const machine = new StateMachine(this, 'Machine', { definitionBody: DefinitionBody.fromChainable(write.next(keep)) });
    const schedule = Schedule.cron({ weekDay: 'MON', hour: '6', minute: '0' });
    new Rule(this, 'Weekly', { schedule, targets: [new SfnStateMachine(machine)] });
  }

  private callBedrock(model: string): BedrockInvokeModel {
    return new BedrockInvokeModel(this, 'Write', {
      model: FoundationModel.fromFoundationModelId(this, 'Model', new FoundationModelIdentifier(model)),
      body: TaskInput.fromObject({ messages: [{ role: 'user', content: [{ text: 'What is new this week?' }] }] }),
    });
  }
}
