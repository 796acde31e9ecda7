"""Sends one operation, and reads its answer to the end."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from plumbline.bedrock.retry.told_error import name_of

from .clients import MODEL

_MESSAGES = [{"role": "user", "content": [{"text": "Recommend a manga."}]}]


def send_and_read(client: Any, operation: str, model_id: str = MODEL) -> int:
    """For a stream the number of its events, else 1."""
    match operation:
        case "Converse":
            assert client.converse(modelId=model_id, messages=_MESSAGES)["output"]
            return 1
        case "InvokeModel":
            assert client.invoke_model(modelId=model_id, body=b"{}")["body"].read()
            return 1
        case "ConverseStream":
            return sum(1 for _ in client.converse_stream(modelId=model_id, messages=_MESSAGES)["stream"])
        case "InvokeModelWithResponseStream":
            return sum(1 for _ in client.invoke_model_with_response_stream(modelId=model_id, body=b"{}")["body"])
    raise ValueError(f"boto3 has no operation {operation}")


def together(client: Any, calls: int) -> list[int]:
    """What so many calls at once bring; raises the error of the first that fails."""
    with ThreadPoolExecutor(calls) as pool:
        return list(pool.map(lambda _: send_and_read(client, "Converse"), range(calls)))


def outcomes_together(client: Any, calls: int) -> list[str]:
    """How so many calls at once end, in the words of the log."""

    def outcome(_: int) -> str:
        try:
            send_and_read(client, "Converse")
        except Exception as error:
            return name_of(error)
        return "success"

    with ThreadPoolExecutor(calls) as pool:
        return list(pool.map(outcome, range(calls)))
