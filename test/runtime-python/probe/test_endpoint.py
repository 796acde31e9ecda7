import pytest
from plumbline.probe.endpoint import BEDROCK, BEDROCK_RUNTIME, STS, ProbedService, endpoint_of

OWN = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
    "AWS_ENDPOINT_URL_BEDROCK": "http://localhost:1",
    "AWS_ENDPOINT_URL_STS": "http://localhost:2",
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://localhost:3",
}


@pytest.mark.parametrize(
    ("service", "region", "expected"),
    [
        (STS, "us-east-1", "https://sts.us-east-1.amazonaws.com"),
        (BEDROCK, "eu-central-1", "https://bedrock.eu-central-1.amazonaws.com"),
        (BEDROCK_RUNTIME, "ap-northeast-1", "https://bedrock-runtime.ap-northeast-1.amazonaws.com"),
        (STS, "cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn"),
        (STS, "us-iso-east-1", "https://sts.us-iso-east-1.c2s.ic.gov"),
        (STS, "eu-isoe-west-1", "https://sts.eu-isoe-west-1.cloud.adc-e.uk"),
        (STS, "eusc-de-east-1", "https://sts.eusc-de-east-1.amazonaws.eu"),
    ],
)
def test_is_that_of_the_region_and_its_partition(service: ProbedService, region: str, expected: str) -> None:
    assert endpoint_of(service, region, {}) == expected


def test_is_moved_by_a_variable_and_more_so_by_the_services_own() -> None:
    assert endpoint_of(BEDROCK, "us-east-1", {"AWS_ENDPOINT_URL": OWN["AWS_ENDPOINT_URL"]}) == "http://127.0.0.1:4566"
    assert [endpoint_of(service, "us-east-1", OWN)[-1] for service in (BEDROCK, STS, BEDROCK_RUNTIME)] == ["1", "2", "3"]
    assert endpoint_of(STS, "us-east-1", {**OWN, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "True"}) == "https://sts.us-east-1.amazonaws.com"


def test_is_a_fips_one_where_that_is_asked_for() -> None:
    assert endpoint_of(BEDROCK, "us-east-1", {"AWS_USE_FIPS_ENDPOINT": "true"}) == "https://bedrock-fips.us-east-1.amazonaws.com"
    assert endpoint_of(BEDROCK, "us-east-1", {"AWS_USE_FIPS_ENDPOINT": "false"}) == "https://bedrock.us-east-1.amazonaws.com"
