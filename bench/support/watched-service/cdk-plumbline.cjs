/* What a user writes: runs in a folder where the library is installed, see ../../monitoring.ts. */
exports.create = stack => {
  const { BedrockTaskRole, ErrorCodeAlarms, StandardDashboard, StandardLambda, Standards } = require('cdk-plumbline');
  const { Code } = require('aws-cdk-lib/aws-lambda');
  const { Topic } = require('aws-cdk-lib/aws-sns');

  Standards.apply(stack, { product: 'MangaAssist', environment: 'prod', alarmTopic: new Topic(stack, 'Alarms') });
  new StandardLambda(stack, 'Chat', {
    serviceName: 'chat',
    code: Code.fromInline('exports.handler = async () => 1'),
    handler: 'index.handler',
    role: new BedrockTaskRole(stack, 'Role', { allowedModels: ['amazon.nova-lite-v1:0'] }),
  });
  new ErrorCodeAlarms(stack, 'Errors', { serviceName: 'chat' });
  new StandardDashboard(stack, 'Overview', { services: ['chat'] });
};
