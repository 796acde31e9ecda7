"""The search under the standard: the client has the timeouts of the policy, and an answer is plain data."""

import json
import os

from plumbline import BedrockClientFactory, EnvelopeError

bedrock = BedrockClientFactory.create(task_type="embedding")


def handler(event, context):
    query = (event.get("queryStringParameters") or {}).get("query")
    if not query:
        raise EnvelopeError("INVALID_REQUEST", "No query.")
    answer = bedrock.invoke_model(modelId=os.environ["MODEL"], body=json.dumps({"inputText": query}))
    return {"vector": json.loads(answer["body"].read())["embedding"]}
