"""GET /recommendations?query=…: titles, and a blurb by Falcon when it can be had."""

import json
import os
from collections.abc import Sequence
from typing import Any

from plumbline import Envelope, EnvelopeError, SageMakerClientFactory, emit_metric, get_prompt, partial
from titles import TitleChunk, retrieve

_endpoints = SageMakerClientFactory.create(task_type="classification")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any] | Envelope[dict[str, Any]]:
    query = ((event.get("queryStringParameters") or {}).get("query") or "").strip()
    if not query:
        raise EnvelopeError("INVALID_REQUEST", "query must be given.")

    chunks = retrieve(query)
    emit_metric("RetrievalChunkCount", len(chunks), {"index_name": "titles"})
    titles = [chunk.title_id for chunk in chunks]
    try:
        return {"titles": titles, "blurb": _blurb(query, chunks)}
    except EnvelopeError as error:
        # It says what it is: of a query that is too long the caller learns that, and not that the model is away.
        return partial({"titles": titles, "blurb": None}, error)
    except Exception as error:
        unavailable = EnvelopeError("MODEL_UNAVAILABLE", "The blurb could not be written now.")
        unavailable.__cause__ = error
        return partial({"titles": titles, "blurb": None}, unavailable)


def _blurb(query: str, chunks: Sequence[TitleChunk]) -> str:
    prompt = get_prompt("shop_blurb", variables={"query": query, "titles": "\n".join(chunk.text for chunk in chunks)})
    with prompt.in_use():
        answer = _endpoints.invoke_endpoint(
            EndpointName=os.environ["ENDPOINT_NAME"],
            ContentType="application/json",
            Body=json.dumps({"inputs": prompt.messages[0]["text"], "parameters": prompt.parameters}),
        )
    return str(json.loads(answer["Body"].read())[0]["generated_text"])
