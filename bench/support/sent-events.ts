import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { LocalPromptRegistry } from './local-prompt-registry';

/** Reads the queue and the table; and says which events of the table never came out of the bus. */
const COMPARE = `
import boto3, json, sys
queue, table = sys.argv[1:]
sqs, dynamodb = boto3.client("sqs"), boto3.client("dynamodb")
arrived = []
while True:
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    if not messages: break
    arrived += [json.loads(message["Body"])["detail"]["event_id"] for message in messages]
pages = dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True,
    FilterExpression="begins_with(sk, :event)", ExpressionAttributeValues={":event": {"S": "event#"}})
expected = [item["event_id"]["S"] for page in pages for item in page["Items"]]
print(json.dumps({"expected": len(expected), "arrived": len(arrived), "missing": sorted(set(expected) - set(arrived))}))`;

export interface SentEvents {
  readonly expected: number;
  /** Those that came twice too. */
  readonly arrived: number;
  readonly missing: readonly string[];
}

export async function sentEvents({ python, queue, location, env }: LocalPromptRegistry): Promise<SentEvents> {
  const { stdout } = await promisify(execFile)(python, ['-c', COMPARE, queue, location.table], { env, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as SentEvents;
}
