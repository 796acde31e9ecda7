"""The search as it was: its own client, its own shape of answers and errors."""

import json
import os

import boto3

bedrock = boto3.client("bedrock-runtime")


def handler(event, context):
    query = (event.get("queryStringParameters") or {}).get("query")
    if not query:
        return {"statusCode": 400, "body": json.dumps({"error": "No query."})}
    answer = bedrock.invoke_model(modelId=os.environ["MODEL"], body=json.dumps({"inputText": query}))
    return {"statusCode": 200, "body": json.dumps({"vector": json.loads(answer["body"].read())["embedding"]})}
