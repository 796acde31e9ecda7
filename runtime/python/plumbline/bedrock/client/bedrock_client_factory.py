"""The one way to a client of Amazon Bedrock that cannot hang."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient

TaskType = Literal["default", "synthesis", "classification", "embedding", "embedding_batch"]


class BedrockClientFactory:
    """Gives out boto3's own clients, with time-outs, retries, Regions and telemetry by the standard."""

    @staticmethod
    def create(
        *,
        task_type: TaskType,
        region: str | None = None,
        allow_cross_region: bool = False,
        guardrail_by_region: Mapping[str, Mapping[str, str]] | None = None,
        model_by_region: Mapping[str, str] | None = None,
    ) -> "BedrockRuntimeClient":
        """
        boto3's client for `bedrock-runtime`: the same one for the same task type and Regions.

        Create it outside the handler, so that its connections outlive one invocation.

        :param task_type: What the client is for. It decides how long an answer may take.
        :param region: Where requests go. Default: the Region the function runs in.
        :param allow_cross_region: Whether a request may go to the fallback Region after repeated failures in its own. Default: no.
        :param guardrail_by_region: One guardrail as it is called in each of the two Regions: `guardrailIdentifier` and
            `guardrailVersion` by Region. A request with the one of its own Region may then fall back, with the one of the other.
            Default: a request with a guardrail stays in its Region.
        :param model_by_region: One model as it is called in each of the two Regions: an application inference profile, a custom or
            provisioned model. Foundation models and the profiles of AWS need no entry. Default: a request for such a model stays in
            its Region.
        :raises ValueError: when the task type is not in the standard, when the Region is none, or has no fallback Region in its partition
        """
        # Functions that never call Bedrock must not load boto3.
        from .standard_clients import standard_client

        return standard_client(task_type, region, allow_cross_region, guardrail_by_region, model_by_region)
