import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Cell, table } from '../build-tools/table';
import { BedrockTaskRole, StandardLambda, Standards } from '../src';

/** What a synthesis with checks may cost, as a share of one without. */
const MAX_RATIO = 1.2;
const ROUNDS = 11;
const SIZES = [460, 920];

// The CDK's own template validation costs seconds a process, with and without our checks.
process.env.CDK_VALIDATION = 'false';

/** Services of a product, one a stack, until there are that many resources. */
function appOf(size: number, checks: boolean): App {
  const app = new App();
  Standards.apply(app, { product: 'Shop', environment: 'prod', checks });
  for (let number = 0; resourcesIn(app) < size; number++) addService(app, `s${number}`);
  return app;
}

function addService(app: App, serviceName: string): void {
  const stack = new Stack(app, serviceName);
  const bucket = new Bucket(stack, 'Bucket');
  const jobs = new Table(stack, 'Jobs', { partitionKey: { name: 'id', type: AttributeType.STRING } });
  const queue = new Queue(stack, 'Queue');
  for (const id of ['Chat', 'Search']) {
    const role = new BedrockTaskRole(stack, `${id}Role`, { allowedModels: ['amazon.nova-pro-v1:0', 'us.amazon.nova-lite-v1:0'] });
    const code = Code.fromInline('//');
    const fn = new StandardLambda(stack, id, { serviceName: `${serviceName}-${id}`, code, handler: 'index.handler', role });
    bucket.grantReadWrite(fn);
    jobs.grantReadWriteData(fn);
    queue.grantSendMessages(fn);
  }
}

const resourcesIn = (app: App): number => app.node.findAll().filter(node => CfnResource.isCfnResource(node)).length;

/** The CPU time of a synthesis, in milliseconds. */
function synthesisTime(size: number, checks: boolean): number {
  const app = appOf(size, checks);
  const before = process.cpuUsage();
  app.synth();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const measured = SIZES.map(size => {
  const times: Record<'with' | 'without', number[]> = { with: [], without: [] };
  for (let round = -1; round < ROUNDS; round++) {
    // Side by side and in turn, so that a slow moment of the machine meets both; the first round only warms up.
    for (const checks of round % 2 === 0 ? [true, false] : [false, true]) {
      const time = synthesisTime(size, checks);
      if (round >= 0) times[checks ? 'with' : 'without'].push(time);
    }
  }
  return { size: resourcesIn(appOf(size, false)), without: Math.min(...times.without), with: Math.min(...times.with) };
});

const rounded = (value: number): number => Math.round(value);
const ratioOf = (row: typeof measured[number]): number => row.with / row.without;
console.log(`CPU time of app.synth(), the fastest of ${ROUNDS} rounds side by side; at most ${MAX_RATIO} × with PlumblineChecks.\n`);
console.log(table(
  ['resources', 'without checks, ms', 'with checks, ms', '×'],
  measured.map((row): Cell[] => [row.size, rounded(row.without), rounded(row.with), ratioOf(row).toFixed(2)]),
));

const over = measured.filter(row => ratioOf(row) > MAX_RATIO);
if (over.length > 0) {
  console.error(`\nThe checks cost more than ${MAX_RATIO} × at ${over.map(({ size }) => size).join(' and ')} resources.`);
  process.exitCode = 1;
}
