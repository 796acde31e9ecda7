import { FilesOfEntry, ProjectCopy } from './project-copy';

const RULE = {
  info: 'Something is amiss. Use something else.',
  explanation: 'It is a test.',
  incidents: ['roleDrift'],
};

/** One new entry of each kind, as its author would write it. */
export const ADDITIONS: Readonly<Record<string, (copy: ProjectCopy) => void>> = {
  'a metric': copy => copy.edit('contract/metric-catalog.json', ({ metrics }) => metrics.push({
    id: 'ShelfFill',
    constant: 'SHELF_FILL',
    area: 'Shelf',
    name: 'Fill',
    unit: 'Percent',
    tier: 'mandatory',
    emittedBy: 'service',
    zeroIsFault: true,
    dimensions: ['service_name', 'shelf', 'environment'],
    rollups: [['service_name', 'environment'], ['environment']],
    description: 'How full a shelf is.',
    owner: 'shelf-team',
    freshnessSeconds: 300,
  })),
  'an error code': copy => copy.edit('contract/error-codes.json', ({ codes }) => {
    codes.SHELF_EMPTY = { retryable: false, httpStatus: 409, message: 'The shelf is empty.', clientAction: 'look at another shelf' };
  }),
  'a nag rule that forbids a managed policy': copy => copy.edit('contract/checks.json', ({ rules }) => rules.push({
    name: 'S3NoFullAccessPolicy', ...RULE, forbiddenManagedPolicies: ['AmazonS3FullAccess'],
  })),
  'a nag rule with a check of its own': copy => {
    copy.edit('contract/checks.json', ({ rules }) => rules.push({ name: 'TopicHasNoName', ...RULE }));
    copy.write('src/governance/pack/rules/TopicHasNoName.ts', `
      import { Check } from './rule';

      export const TopicHasNoName: Check = ({ type, properties }) => {
        if (type !== 'AWS::SNS::Topic') return undefined;
        return 'TopicName' in properties ? [{}] : [];
      };
    `);
  },
  'a JumpStart model': copy => copy.edit('contract/sagemaker-models.json', ({ models }) => {
    models['shelf-llm-1b'] = {
      title: 'Shelf 1B',
      version: '1.2.3',
      artifactPrefix: 'shelf/1b/',
      image: { repository: 'huggingface-pytorch-tgi-inference', tag: '1.0' },
      regionsWithout: [],
      instanceTypes: ['ml.g5.2xlarge'],
      environment: { SM_NUM_GPUS: '1' },
    };
  }),
};

/** An app that uses the new entries by the names that a user has, and prints what became of them. */
export const APP = `
  import { App, Stack } from 'aws-cdk-lib';
  import { Template } from 'aws-cdk-lib/assertions';
  import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
  import { Topic } from 'aws-cdk-lib/aws-sns';
  import { CatalogMetric, GenAiEndpoint, GenAiModel, PlumblineChecks, Standards } from './src';

  const app = new App();
  Standards.apply(app, { product: 'Library', environment: 'prod', checks: false });
  const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  const { namespace, metricName } = CatalogMetric.SHELF_FILL.metric(stack);
  new Role(stack, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonS3FullAccess')],
  });
  new Topic(stack, 'Topic', { topicName: 'shelves' });
  new GenAiEndpoint(stack, 'Model', { model: GenAiModel.jumpStart('shelf-llm-1b', '1.2.3'), instanceType: 'ml.g5.2xlarge' });

  console.log(JSON.stringify({
    metric: { namespace, metricName },
    findings: new PlumblineChecks().validateScope(app).violations.map(({ ruleName }) => ruleName),
    models: Object.values(Template.fromStack(stack).findResources('AWS::SageMaker::Model')).map(({ Properties }) => Properties),
  }));
`;

/** The code of a function that does. It prints the metric's datum and the envelope. */
export const FUNCTION = `
  import { emitMetric, EnvelopeError, toErrorEnvelope } from './runtime/node';

  emitMetric('ShelfFill', 40, { shelf: 'top' });
  console.log(JSON.stringify(toErrorEnvelope(new EnvelopeError('SHELF_EMPTY'))));
`;

/** What an entry takes, in a line. */
export function toldFiles(entry: string, { byHand, generated }: FilesOfEntry): string {
  return `${entry}: ${byHand.join(', ')} by hand; generated: ${generated.join(', ')}`;
}
