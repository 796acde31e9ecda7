import { readerIn, registryApp, REGION, roleIn, stackOf } from './support/registry-app';
import { ADMINISTRATOR, Asked, RegistryDeployment } from './support/registry-deployment';
import { PROMPT_REGISTRY } from '../../src/contract/data';
import { PromptDriftAudit } from '../../src/operations';
import { actionsOf } from '../bedrock/support/action-data';

const app = registryApp({ sandbox: true });
readerIn(app, 'prod', { prompts: ['greeting'] });
readerIn(app, 'sandbox', { prompts: ['greeting'] });
roleIn(stackOf(app.app, 'Humans', 'prod'), 'Administrator');
new PromptDriftAudit(app.stack, 'Audit', { registry: app.registry });
const deployment = new RegistryDeployment(app.app);

const own = (type: string, id: string) => deployment.arn(type, 'Registry', `Prompts${id}`);
const [bucket, sandboxBucket, logs] = ['Bucket', 'Sandbox', 'Logs'].map(id => own('AWS::S3::Bucket', id));
const [table, sandboxTable] = ['Table', 'SandboxTable'].map(id => own('AWS::DynamoDB::Table', id));
const [signing, encryption, sandboxKey] = ['SigningKey', 'EncryptionKey', 'SandboxKey'].map(id => own('AWS::KMS::Key', id));
const role = (stack: string, id: string) => deployment.arn('AWS::IAM::Role', stack, id);
const [service, trial] = ['prod', 'sandbox'].map(environment => role(`Service-${environment}`, 'ChatServiceRole'));
const pipeline = role('Registry', 'Pipeline');
const administrator = role('Humans', 'Administrator');
const auditor = role('Registry', 'AuditFunctionServiceRole');

const GREETING = 'environments/prod/greeting/1.0.0.json';
const OBJECTS = [
  GREETING, 'environments/prod/closing/1.0.0.json', 'environments/prod/greeting-2/1.0.0.json', 'environments/staging/greeting/1.0.0.json',
  'versions/greeting/1.0.0.json', 'deployments/prod/greeting/0000000001.json',
];
const PARTITIONS = ['env#prod#greeting', 'env#prod#closing', 'env#staging#greeting', 'env#sandbox#greeting', 'prompt#greeting'];

/** Every action of a service on everything that a registry has of it, each in every context that a policy asks for. */
async function everythingAsked(): Promise<Asked[]> {
  const actions = async (prefix: string) => (await actionsOf([prefix], 'aws', REGION)).map(({ action }) => action);
  const objects = [bucket, sandboxBucket, logs].flatMap(arn => [arn, ...OBJECTS.map(key => `${arn}/${key}`)]);
  const reads = [undefined, ...PARTITIONS.map(key => ({ 'dynamodb:LeadingKeys': [key] }))];
  const uses = [
    undefined,
    ...[bucket, sandboxBucket].flatMap(arn => OBJECTS.slice(0, 4).map(key => viaService('s3', { 'aws:s3:arn': `${arn}/${key}` }))),
    ...[table, sandboxTable].map(arn => viaService('dynamodb', { 'aws:dynamodb:tableName': arn.split('/')[1] })),
    viaService('s3', { 'aws:dynamodb:tableName': table.split('/')[1] }),
  ];
  const asked = (list: string[], resources: string[], contexts: (Asked['context'])[]): Asked[] => list.flatMap(action =>
    resources.flatMap(resource => contexts.map(context => ({ action, resource, ...context && { context } }))));
  return [
    ...asked(await actions('s3'), objects, [undefined]),
    ...asked(await actions('dynamodb'), [table, sandboxTable], reads),
    ...asked(await actions('kms'), [signing, encryption, sandboxKey], uses),
  ];
}

function viaService(name: string, encryptionContext: Record<string, string>): Record<string, string> {
  const context = Object.entries(encryptionContext).map(([key, value]) => [`kms:EncryptionContext:${key}`, value]);
  return { 'kms:ViaService': `${name}.${REGION}.amazonaws.com`, ...Object.fromEntries(context) };
}

let asked: Asked[];
beforeAll(async () => { asked = await everythingAsked(); });

const shown = ({ action, resource, context }: Asked): string => [action, resource, ...Object.values(context ?? {}).flat()].join(' ');

async function allowedTo(arn: string, requests = asked, more?: typeof ADMINISTRATOR[]): Promise<Asked[]> {
  const allowed = await Promise.all(requests.map(request => deployment.allows(arn, request, more)));
  return requests.filter((_request, index) => allowed[index]);
}

const isPartOf = (...arns: string[]) => ({ resource }: Asked): boolean =>
  arns.some(arn => resource === arn || resource.startsWith(`${arn}/`));
const named = (pattern: RegExp) => ({ action }: Asked): boolean => pattern.test(action);
const actionsIn = (requests: Asked[]): string[] => [...new Set(requests.map(({ action }) => action))].sort();

/** What reads objects, items and keys, or what is about a bucket, a table or a key as a whole. */
const NO_WRITE =
  /^(s3:(Get|List)|dynamodb:(?!.*Item$|PartiQL)|dynamodb:(Get|BatchGet|ConditionCheck)|dynamodb:PartiQLSelect|kms:(?!Sign$))/;
const isWrite = (request: Asked): boolean =>
  !NO_WRITE.test(request.action) && (!request.action.startsWith('s3:') || request.resource.endsWith('.json'));
/** Each once: no policy binds a write to a context. */
const writesTo = (...arns: string[]): Asked[] => asked.filter(isWrite).filter(isPartOf(...arns)).filter(({ context }) => !context);

test('a service reads its own prompts in its own environment, and nothing else of S3, DynamoDB and KMS', async () => {
  expect(asked.length).toBeGreaterThan(3_000);
  const expected = [
    `s3:GetObject ${bucket}/${GREETING}`,
    `s3:GetObjectVersion ${bucket}/${GREETING}`,
    `dynamodb:GetItem ${table} env#prod#greeting`,
    // Without a leading key there is no GetItem.
    `dynamodb:GetItem ${table}`,
    `kms:Decrypt ${encryption} s3.${REGION}.amazonaws.com ${bucket}/${GREETING}`,
    `kms:Decrypt ${encryption} dynamodb.${REGION}.amazonaws.com ${table.split('/')[1]}`,
    // The public key may be asked for in any context.
    ...asked.filter(({ action, resource }) => action === 'kms:GetPublicKey' && resource === signing).map(shown),
  ];
  expect((await allowedTo(service)).map(shown).sort()).toEqual(expected.sort());
});

test('a service of the sandbox reads the sandbox, and nothing of the registry itself', async () => {
  const allowed = await allowedTo(trial);
  expect(allowed.filter(isPartOf(bucket, table, encryption, signing, logs))).toEqual([]);
  expect(actionsIn(allowed)).toEqual(['dynamodb:GetItem', 'kms:Decrypt']);
  const object = `${sandboxBucket}/environments/sandbox/greeting/1.0.0.json`;
  expect(await deployment.allows(trial, { action: 's3:GetObject', resource: object })).toBe(true);
  expect(await deployment.allows(service, { action: 's3:GetObject', resource: object })).toBe(false);
});

test('not even an administrator publishes, changes, deletes or signs', async () => {
  const writes = await allowedTo(administrator, writesTo(bucket, table, signing), [ADMINISTRATOR]);
  expect(writes.map(shown)).toEqual([]);
  // The sandbox is free.
  const free = await allowedTo(administrator, writesTo(sandboxBucket, sandboxTable), [ADMINISTRATOR]);
  expect(free.map(shown)).toEqual(
    expect.arrayContaining([`s3:PutObject ${sandboxBucket}/${GREETING}`, `dynamodb:DeleteItem ${sandboxTable}`]));
});

test('the pipeline publishes and signs, and deletes and unlocks nothing, not even as administrator', async () => {
  const allowed = await allowedTo(pipeline, writesTo(bucket, table, signing), [ADMINISTRATOR]);
  expect(allowed.map(shown)).toEqual(expect.arrayContaining([
    `s3:PutObject ${bucket}/${GREETING}`, `dynamodb:PutItem ${table}`, `dynamodb:UpdateItem ${table}`, `kms:Sign ${signing}`,
  ]));
  expect(actionsIn(allowed.filter(named(/Delete|Bypass|Replicate|Retention|LegalHold/)))).toEqual([]);
});

test('by its own policies the pipeline does just this', async () => {
  const allowed = await allowedTo(pipeline);
  expect(actionsIn(allowed.filter(isPartOf(bucket, table, signing, encryption, logs)))).toEqual([
    'dynamodb:BatchGetItem', 'dynamodb:ConditionCheckItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:Scan',
    'dynamodb:UpdateItem', 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:GetPublicKey', 'kms:Sign', 's3:GetObject', 's3:GetObjectVersion',
    's3:ListBucket', 's3:ListBucketVersions', 's3:PutObject',
  ]);
});

/** An update that reads and writes just these attributes. */
const update = (...attributes: string[]): Asked =>
  ({ action: 'dynamodb:UpdateItem', resource: table, context: { 'dynamodb:Attributes': ['pk', 'sk', ...attributes] } });

test('the audit reads everything of the registry, marks events, and does nothing else', async () => {
  const allowed = await allowedTo(auditor);
  expect(allowed.filter(isPartOf(sandboxBucket, sandboxTable, sandboxKey, logs))).toEqual([]);
  expect(actionsIn(allowed)).toEqual([
    'dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan', 'kms:Decrypt', 'kms:GetPublicKey', 's3:GetObject',
    's3:GetObjectVersion', 's3:ListBucket', 's3:ListBucketVersions',
  ]);
  expect(await deployment.allows(auditor, update('published', 'receipt'))).toBe(true);
  for (const further of ['active', 'signature', 'detail', 'content']) {
    expect(await deployment.allows(auditor, update('published', further))).toBe(false);
  }
});

/** A signature by an algorithm. */
const sign = (algorithm: string): Asked => ({ action: 'kms:Sign', resource: signing, context: { 'kms:SigningAlgorithm': algorithm } });

test('the audit signs that it told an event, and nothing that a service trusts, not even as administrator', async () => {
  const { algorithm, receipt } = PROMPT_REGISTRY.signing;
  for (const more of [[], [ADMINISTRATOR]]) {
    expect(await deployment.allows(auditor, sign(receipt.algorithm), more)).toBe(true);
    for (const other of [algorithm, 'RSASSA_PSS_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_512']) {
      expect(await deployment.allows(auditor, sign(other), more)).toBe(false);
    }
  }
  for (const one of [algorithm, receipt.algorithm]) {
    expect(await deployment.allows(pipeline, sign(one))).toBe(true);
    expect(await deployment.allows(administrator, sign(one), [ADMINISTRATOR])).toBe(false);
  }
});

test('not even as administrator does the audit more than update an item', async () => {
  const allowed = await allowedTo(auditor, writesTo(bucket, table, signing), [ADMINISTRATOR]);
  expect(allowed.map(shown)).toEqual([`dynamodb:UpdateItem ${table}`]);
});
