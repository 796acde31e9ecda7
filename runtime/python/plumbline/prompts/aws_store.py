"""The registry by boto3's clients of DynamoDB, S3 and KMS, which come with the function's runtime."""

from collections.abc import Mapping
from typing import Any

from ..contract import document
from .attributes import Attributes
from .prompt_problem import integrity_problem
from .signing_key import KmsKey

_READ = document("prompt-registry")["read"]
_MAX_BYTES: int = _READ["maxDocumentBytes"]


class AwsPromptStore:
    def __init__(self, *, bucket: str, table: str, region: str) -> None:
        from boto3.session import Session
        from botocore.config import Config

        config = Config(
            region_name=region,
            connect_timeout=_READ["connectTimeoutMs"] / 1_000,
            read_timeout=_READ["requestTimeoutMs"] / 1_000,
            retries={"total_max_attempts": _READ["attempts"], "mode": "standard"},
        )
        # A session of its own: boto3's default one is not to be used by two threads at once.
        session: Any = Session()
        self._bucket, self._table = bucket, table
        self._dynamodb, self._s3, self._kms = (session.client(name, config=config) for name in ("dynamodb", "s3", "kms"))
        for client in (self._dynamodb, self._s3, self._kms):
            client._endpoint.http_session = _WholeAnswers(client._endpoint.http_session)

    def deployment(self, key: Mapping[str, str]) -> Attributes | None:
        item = {name: {"S": value} for name, value in key.items()}
        # Not read consistently, an older answer might come after a newer one, and would look like a deployment that was put back.
        answer: dict[str, Any] = self._dynamodb.get_item(TableName=self._table, Key=item, ConsistentRead=True)
        return answer.get("Item")

    def object(self, key: str, version_id: str) -> bytes:
        body = self._s3.get_object(Bucket=self._bucket, Key=key, VersionId=version_id)["Body"]
        try:
            content: bytes = body.read(_MAX_BYTES + 1)
            # Only who reads on is told that the answer broke off.
            body.read(1)
        finally:
            body.close()
        if len(content) > _MAX_BYTES:
            raise integrity_problem("object_size", f"{key} has more than {_MAX_BYTES} bytes, which no prompt may have.")
        return content

    def signing_key(self, key_id: str) -> KmsKey:
        answer = self._kms.get_public_key(KeyId=key_id)
        return KmsKey(answer.get("KeyId"), answer.get("KeyUsage"), answer.get("SigningAlgorithms", []), answer.get("PublicKey", b""))


class _WholeAnswers:
    """An HTTP session of botocore's, which takes half of an answer for a whole one: half an item would look like none."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def send(self, request: Any) -> Any:
        from botocore.exceptions import ConnectionClosedError

        response = self._session.send(request)
        announced = response.headers.get("content-length", "")
        if not request.stream_output and announced.isdigit() and len(response.content) < int(announced):
            raise ConnectionClosedError(endpoint_url=request.url)
        return response

    def close(self) -> None:
        self._session.close()
