/* What a user writes: runs in a folder where the library is installed, see ../../standard-lambda.ts. */
exports.create = stack => {
  const { BedrockTaskRole, StandardLambda, Standards } = require('cdk-plumbline');
  const { Code } = require('aws-cdk-lib/aws-lambda');

  Standards.apply(stack, { product: 'MangaAssist', environment: 'prod' });
  new StandardLambda(stack, 'Chat', {
    serviceName: 'chat',
    code: Code.fromInline('exports.handler = async () => 1'),
    handler: 'index.handler',
    role: new BedrockTaskRole(stack, 'Role', { allowedModels: ['amazon.nova-lite-v1:0'] }),
  });
};
