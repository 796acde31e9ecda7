"""The standard's runtime for Python: the same words as `cdk-plumbline/runtime` for Node.js, in snake_case."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .bedrock.client.bedrock_client_factory import BedrockClientFactory, TaskType
    from .bedrock.client.prompt_context import PromptIdentity, with_prompt
    from .envelope.envelope import Envelope, EnvelopeError, EnvelopeErrorBody, partial, success, to_error_envelope
    from .envelope.error_mapping import ErrorCode
    from .envelope.terminal_frame import terminal_frame
    from .handler.standard_handler import standard_handler
    from .prompts.compiled_prompt import Prompt
    from .prompts.get_prompt import get_prompt
    from .sagemaker.sagemaker_client_factory import SageMakerClientFactory
    from .telemetry.container_metrics import flush_metrics
    from .telemetry.log import StandardLogger, logger
    from .telemetry.metrics import TeamMetricId, emit_metric

__all__ = [
    "BedrockClientFactory",
    "Envelope",
    "EnvelopeError",
    "EnvelopeErrorBody",
    "ErrorCode",
    "Prompt",
    "PromptIdentity",
    "SageMakerClientFactory",
    "StandardLogger",
    "TaskType",
    "TeamMetricId",
    "emit_metric",
    "flush_metrics",
    "get_prompt",
    "logger",
    "partial",
    "standard_handler",
    "success",
    "terminal_frame",
    "to_error_envelope",
    "with_prompt",
]

# Loaded on first use: a function that calls no model does not pay for the client.
_HOMES = {
    ".bedrock.client.bedrock_client_factory": ("BedrockClientFactory", "TaskType"),
    ".bedrock.client.prompt_context": ("PromptIdentity", "with_prompt"),
    ".envelope.envelope": ("Envelope", "EnvelopeError", "EnvelopeErrorBody", "partial", "success", "to_error_envelope"),
    ".envelope.error_mapping": ("ErrorCode",),
    ".envelope.terminal_frame": ("terminal_frame",),
    ".handler.standard_handler": ("standard_handler",),
    ".prompts.compiled_prompt": ("Prompt",),
    ".prompts.get_prompt": ("get_prompt",),
    ".sagemaker.sagemaker_client_factory": ("SageMakerClientFactory",),
    ".telemetry.container_metrics": ("flush_metrics",),
    ".telemetry.log": ("StandardLogger", "logger"),
    ".telemetry.metrics": ("TeamMetricId", "emit_metric"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(home, __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
