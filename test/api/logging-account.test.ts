import { App, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { CfnAccount, CfnStage, MethodLoggingLevel } from 'aws-cdk-lib/aws-apigateway';
import { stackWith } from './support/stack-with-api';
import { StandardRestApi, StandardRestApiProps } from '../../src/api';

describe('an account without a role for API Gateway\'s logs', () => {
  const HERE = { account: '111122223333', region: 'us-east-1' };
  const WARNING = Match.stringLikeRegexp('Add cloudWatchRole: true to this API.*cloudWatchRole: false.*aws apigateway get-account');

  test('is warned of, with the line to add', () => {
    Annotations.fromStack(stackWith().stack).hasWarning('/Stack/Api', WARNING);
  });

  test.each<[string, StandardRestApiProps]>([
    ['the API sets the role', { cloudWatchRole: true }],
    ['the caller says that it is there', { cloudWatchRole: false }],
    ['nothing is deployed', { deploy: false }],
  ])('is not when %s', (_when, props) => {
    Annotations.fromStack(stackWith(props).stack).hasNoWarning('*', Match.anyValue());
  });

  test.each([['the same', HERE, false], ['another', { ...HERE, region: 'eu-west-1' }, true]] as const)(
    'is judged by what the app sets in %s Region', (_which, env, isWarned) => {
      const app = new App();
      const stack = new Stack(new Stage(app, 'One'), 'Stack', { env: HERE });
      new StandardRestApi(stack, 'Api').root.addMethod('GET');
      const other = new Stack(new Stage(app, 'Two'), 'Stack', { env });
      new CfnAccount(other, 'Account', { cloudWatchRoleArn: 'arn:aws:iam::111122223333:role/api-logs' });
      const annotations = Annotations.fromStack(stack);
      if (isWarned) annotations.hasWarning('/One/Stack/Api', WARNING);
      else annotations.hasNoWarning('*', Match.anyValue());
    });

  test('is not warned of when no stage writes logs', () => {
    const { stack, api } = stackWith({ deployOptions: { loggingLevel: MethodLoggingLevel.OFF } });
    (api.deploymentStage.node.defaultChild as CfnStage).accessLogSetting = undefined;
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});
