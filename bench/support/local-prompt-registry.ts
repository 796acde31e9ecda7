import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RegistryLocation } from '../../cli/aws/registry-port';
import { startLocalAws } from '../../local-stage/emulator/local-aws';
import { localEnvironment } from '../../local-stage/emulator/local-environment';
import { pythonEnvironment } from '../../local-stage/emulator/python-environment';
import { freePort } from '../../local-stage/system/ports';
import { Programs } from '../../local-stage/system/programs';
import { STATE_FOLDER } from '../../local-stage/system/project';
import { PROMPT_REGISTRY } from '../../src/contract/data';

const { objectLockMode, defaultRetentionDays } = PROMPT_REGISTRY.storage;

/** The name of the parameter that says where the registry is. */
export const PARAMETER = '/Shop/prompt-registry';

/** What the construct creates; how it does is tested elsewhere. The queue gets what the bus gets. */
const SET_UP = `
import boto3, json, sys
environments = json.loads(sys.argv[1])
s3, table, kms, events, ssm, sqs = (boto3.client(name) for name in ("s3", "dynamodb", "kms", "events", "ssm", "sqs"))
s3.create_bucket(Bucket="prompts", ObjectLockEnabledForBucket=True)
s3.put_bucket_versioning(Bucket="prompts", VersioningConfiguration={"Status": "Enabled"})
s3.put_object_lock_configuration(Bucket="prompts", ObjectLockConfiguration={"ObjectLockEnabled": "Enabled",
    "Rule": {"DefaultRetention": {"Mode": "${objectLockMode}", "Days": ${defaultRetentionDays}}}})
table.create_table(TableName="prompts", BillingMode="PAY_PER_REQUEST",
    KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}])
key = kms.create_key(KeySpec="RSA_3072", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
events.create_event_bus(Name="prompts")
queue = sqs.create_queue(QueueName="prompts", Attributes={"VisibilityTimeout": "3600"})["QueueUrl"]
arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
events.put_rule(Name="all", EventBusName="prompts", EventPattern=json.dumps({"source": ["plumbline.prompts"]}))
events.put_targets(Rule="all", EventBusName="prompts", Targets=[{"Id": "queue", "Arn": arn}])
location = {"bucket": "prompts", "table": "prompts", "signingKey": key, "eventBus": "prompts", "environments": environments,
    "region": "us-east-1"}
ssm.put_parameter(Name="${PARAMETER}", Type="String", Value=json.dumps(location))
print(json.dumps({"location": location, "queue": queue}))`;

/** A registry on the local AWS. */
export interface LocalPromptRegistry {
  readonly location: RegistryLocation;
  readonly queue: string;
  /** With boto3. */
  readonly python: string;
  /** A folder that is removed at the end. */
  readonly folder: string;
  /** What every program runs with. */
  readonly env: NodeJS.ProcessEnv;
}

/** Makes the SDK of this process find the local AWS, and nothing of this machine. */
export function useLocalAws({ env }: LocalPromptRegistry): void {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
}

/** Starts the local AWS with a registry in it, does the work, and ends it. */
export async function withLocalPromptRegistry<T>(
  environments: readonly string[], work: (registry: LocalPromptRegistry) => Promise<T>,
): Promise<T> {
  const programs = new Programs();
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-prompts-'));
  try {
    const { python } = await pythonEnvironment(programs, STATE_FOLDER);
    const nobody = 'http://127.0.0.1:9';
    const endpoints = { bedrockRuntime: nobody, sageMakerRuntime: nobody };
    const { url } = await startLocalAws(programs, { python, port: await freePort(), folder, endpoints });
    const env = { ...localEnvironment(url), PLUMBLINE_PROMPT_REGISTRY: PARAMETER, NODE_NO_WARNINGS: '1' };
    const { stdout } = await promisify(execFile)(python, ['-c', SET_UP, JSON.stringify(environments)], { env });
    return await work({ ...JSON.parse(stdout) as Pick<LocalPromptRegistry, 'location' | 'queue'>, python, folder, env });
  } finally {
    await programs.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
