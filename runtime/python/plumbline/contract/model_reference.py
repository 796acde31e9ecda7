"""What the name of a model stands for, and what it is called in another Region."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from . import document
from .regions import is_region

ModelKind = Literal[
    "foundation-model",
    "geographic-profile",
    "global-profile",
    "application-profile",
    "provisioned-model",
    "custom-model",
    "custom-model-deployment",
    "imported-model",
    "marketplace-endpoint",
    "prompt",
]


@dataclass(frozen=True, slots=True)
class ModelLocation:
    """Where a resource stands."""

    partition: str
    region: str
    account: str


@dataclass(frozen=True, slots=True)
class ModelReference:
    """A model as it was named, read."""

    kind: ModelKind
    #: A foundation-model id, a profile id, or what follows the resource type in an ARN.
    id: str
    #: Of a geographic profile: the first part of its id.
    geography: str | None = None
    #: Of an ARN: what it says of partition, Region and account.
    location: ModelLocation | None = None


# provider.model-name with an optional version, as in amazon.nova-lite-v1:0 or amazon.titan-text-lite-v1:0:4k
_FOUNDATION_MODEL_ID = re.compile(r"[a-z0-9]{1,63}\.[a-z0-9][a-z0-9._-]{0,62}(:[a-z0-9]{1,12}){0,2}")
# A second dot before a letter follows a provider: the first part is a geography, known or not.
_PROFILE_ID = re.compile(r"([a-z]+(?:-[a-z]+)*)\.([a-z][a-z0-9]*\.[a-z].*)")
_ARN = re.compile(r"arn:([^:]+):(bedrock|sagemaker):([^:]*):([^:]*):([a-z-]+)/(.+)")

_RESOURCE_KINDS: dict[str, ModelKind] = {
    "bedrock foundation-model": "foundation-model",
    "bedrock application-inference-profile": "application-profile",
    "bedrock provisioned-model": "provisioned-model",
    "bedrock custom-model": "custom-model",
    "bedrock custom-model-deployment": "custom-model-deployment",
    "bedrock imported-model": "imported-model",
    "bedrock prompt": "prompt",
    "sagemaker endpoint": "marketplace-endpoint",
}

# What is not made by a customer in one Region: the type of its ARN.
_TYPES_IN_EVERY_REGION: dict[ModelKind, str] = {
    "foundation-model": "foundation-model",
    "geographic-profile": "inference-profile",
    "global-profile": "inference-profile",
}

_RESOURCE_IDS: dict[ModelKind, re.Pattern[str]] = {
    "foundation-model": _FOUNDATION_MODEL_ID,
    "application-profile": re.compile(r"[a-zA-Z0-9]{1,64}"),
    "provisioned-model": re.compile(r"[a-z0-9]{12}"),
    "custom-model": re.compile(r"[a-z0-9-]{1,63}\.[a-z0-9.:-]{1,100}/[a-z0-9]{12}|imported/[a-z0-9]{12}"),
    "custom-model-deployment": re.compile(r"[a-z0-9]{12}"),
    "imported-model": re.compile(r"[a-z0-9]{12}"),
    "prompt": re.compile(r"[a-zA-Z0-9]{10}(:[0-9]{1,5})?"),
    "marketplace-endpoint": re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"),
}


def try_model_reference(name: str) -> ModelReference | None:
    """Reads a model's name; None when it has no form that Bedrock knows."""
    return _arn_reference(name) if name.startswith("arn:") else _id_reference(name)


def try_model_in_region(name: str, region: str) -> str | None:
    """The id or ARN that names the same model in another Region; None when there is none."""
    model = try_model_reference(name)
    if model is None:
        return None if name.startswith("arn:") else name
    if model.geography is not None and region not in _profiles()["geographies"][model.geography]["sources"]:
        return None
    if model.location is None:
        return name
    resource = _TYPES_IN_EVERY_REGION.get(model.kind)
    return resource and f"arn:{model.location.partition}:bedrock:{region}:{model.location.account}:{resource}/{model.id}"


def _id_reference(name: str) -> ModelReference | None:
    profile = _PROFILE_ID.fullmatch(name)
    if profile is None:
        return ModelReference("foundation-model", name) if _is_foundation_model_id(name) else None
    prefix, model = profile.groups()
    if not _is_foundation_model_id(model):
        return None
    if prefix == _profiles()["global"]["prefix"]:
        return ModelReference("global-profile", name)
    return ModelReference("geographic-profile", name, geography=prefix) if prefix in _profiles()["geographies"] else None


def _is_foundation_model_id(name: str) -> bool:
    return _FOUNDATION_MODEL_ID.fullmatch(name) is not None and _PROFILE_ID.fullmatch(name) is None


def _arn_reference(name: str) -> ModelReference | None:
    arn = _ARN.fullmatch(name)
    if arn is None:
        return None
    partition, service, region, account, resource, resource_id = arn.groups()
    location = ModelLocation(partition, region, account)
    if not _is_located(resource, location):
        return None
    if (service, resource) == ("bedrock", "inference-profile"):
        profile = _id_reference(resource_id)
        if profile is None or profile.kind == "foundation-model":
            return None
        return ModelReference(profile.kind, resource_id, profile.geography, location)
    kind = _RESOURCE_KINDS.get(f"{service} {resource}")
    if kind is None or _RESOURCE_IDS[kind].fullmatch(resource_id) is None:
        return None
    return ModelReference(kind, resource_id, location=location)


def _is_located(resource: str, location: ModelLocation) -> bool:
    """Foundation models belong to no account; everything else does."""
    account = "" if resource == "foundation-model" else "[0-9]{12}"
    return re.fullmatch(account, location.account) is not None and is_region(location.region)


def _profiles() -> Any:
    return document("inference-profiles")
