from dataclasses import asdict
from typing import Any

import pytest
from plumbline.bedrock.client.model_route import RegionalTwins, Route, input_for_region
from plumbline.contract import document
from plumbline.contract.model_reference import try_model_in_region, try_model_reference
from support.vectors import vectors

EAST, WEST, ACCOUNT = "us-east-1", "us-west-2", "111122223333"
MODEL = "amazon.nova-pro-v1:0"
EAST_GUARD = {"guardrailIdentifier": "east1guard", "guardrailVersion": "3"}
WEST_GUARD = {"guardrailIdentifier": "west2guard", "guardrailVersion": "7"}
PLAIN = Route(EAST, WEST, RegionalTwins())
GUARDED = Route(EAST, WEST, RegionalTwins(guardrails={EAST: EAST_GUARD, WEST: WEST_GUARD}))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in vectors("model-references")["cases"]])
def test_the_name_of_a_model_is_read_as_the_contract_says(case: dict[str, Any]) -> None:
    found = try_model_reference(case["given"])
    read = found and {name: value for name, value in asdict(found).items() if value is not None}
    assert read == case.get("read")


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in vectors("model-routes")["cases"]])
def test_a_model_is_called_in_another_region_as_the_contract_says(case: dict[str, Any]) -> None:
    assert try_model_in_region(case["model"], case["region"]) == case.get("called")


@pytest.mark.parametrize(
    ("geography", "region"), [(geography, region) for geography in document("inference-profiles")["geographies"] for region in (EAST, WEST)]
)
def test_a_profile_of_a_geography_is_called_from_its_own_regions_only(geography: str, region: str) -> None:
    is_source = region in document("inference-profiles")["geographies"][geography]["sources"]
    assert (try_model_in_region(f"{geography}.{MODEL}", region) is not None) == is_source


class TestARequestForAnotherRegion:
    def test_is_the_same_object_when_nothing_in_it_names_the_region(self) -> None:
        request = {"modelId": MODEL}
        assert input_for_region(request, PLAIN) is request
        assert input_for_region(request, GUARDED) is request

    @pytest.mark.parametrize(
        "request_input",
        [
            {"modelId": MODEL, "guardrailConfig": {"guardrailIdentifier": "abc", "guardrailVersion": "1"}},
            {"modelId": MODEL, "guardrailIdentifier": "abc"},
            {"modelId": MODEL, **EAST_GUARD, "guardrailVersion": "DRAFT"},
            {"modelId": f"arn:aws:bedrock:{EAST}:{ACCOUNT}:application-inference-profile/abc"},
            {"guardrailIdentifier": "abc"},
            {"invocationArn": "arn"},
            {},
        ],
    )
    def test_does_not_exist_for_what_belongs_to_its_region(self, request_input: dict[str, Any]) -> None:
        assert input_for_region(request_input, PLAIN) is None
        assert input_for_region(request_input, GUARDED) is None

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            (
                {"modelId": MODEL, "guardrailConfig": {**EAST_GUARD, "trace": "enabled"}},
                {"modelId": MODEL, "guardrailConfig": {**WEST_GUARD, "trace": "enabled"}},
            ),
            ({"modelId": MODEL, "body": b"{}", **EAST_GUARD}, {"modelId": MODEL, "body": b"{}", **WEST_GUARD}),
        ],
    )
    def test_has_the_guardrail_of_that_region_and_leaves_the_input_as_it_is(self, given: dict[str, Any], expected: dict[str, Any]) -> None:
        before = {**given}
        assert input_for_region(given, GUARDED) == expected
        assert given == before
        assert input_for_region(expected, Route(WEST, EAST, GUARDED.twins)) == before

    def test_names_the_profile_that_the_other_region_has_instead(self) -> None:
        models = {region: f"arn:aws:bedrock:{region}:{ACCOUNT}:application-inference-profile/abc" for region in (EAST, WEST)}
        twins = Route(EAST, WEST, RegionalTwins(models=models))
        assert input_for_region({"modelId": models[EAST]}, twins) == {"modelId": models[WEST]}
        assert input_for_region({"modelId": MODEL}, twins) == {"modelId": MODEL}
