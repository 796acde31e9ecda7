"""The one way to an endpoint of SageMaker that cannot hang."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

    from ..bedrock.client.bedrock_client_factory import TaskType


class SageMakerClientFactory:
    """Gives out boto3's own clients, with time-outs, retries and telemetry by the standard."""

    @staticmethod
    def create(*, task_type: "TaskType") -> "SageMakerRuntimeClient":
        """
        boto3's client for `sagemaker-runtime`: the same one for the same task type.

        Create it outside the handler, so that its connections outlive one invocation. An endpoint lives in one Region, that of the
        function: there is no other to fall back to.

        :param task_type: What the client is for. It decides how long an answer may take.
        :raises ValueError: when the task type is not in the standard, or the Region of the function is none
        """
        # Functions that never call an endpoint must not load boto3.
        from .standard_sagemaker_clients import standard_sagemaker_client

        return standard_sagemaker_client(task_type)
