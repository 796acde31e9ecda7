"""Where the services answer that the probe asks."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..contract.regions import dns_suffix_of


@dataclass(frozen=True, slots=True)
class ProbedService:
    """Its name in host names, in signatures, and in the variable that moves its endpoint."""

    host: str
    signing_name: str
    endpoint_variable: str


STS = ProbedService("sts", "sts", "AWS_ENDPOINT_URL_STS")
BEDROCK = ProbedService("bedrock", "bedrock", "AWS_ENDPOINT_URL_BEDROCK")
BEDROCK_RUNTIME = ProbedService("bedrock-runtime", "bedrock", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME")


def endpoint_of(service: ProbedService, region: str, env: Mapping[str, str]) -> str:
    """By the rules of the SDKs: the service's own variable, the variable of all services, the Region."""
    if env.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() != "true":
        override = env.get(service.endpoint_variable) or env.get("AWS_ENDPOINT_URL")
        if override:
            return override
    host = f"{service.host}-fips" if env.get("AWS_USE_FIPS_ENDPOINT", "").lower() == "true" else service.host
    return f"https://{host}.{region}.{dns_suffix_of(region)}"
