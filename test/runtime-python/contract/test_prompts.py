from typing import Any

import pytest
from plumbline.contract.converse_input import converse_input, find_wrong_cache_points
from plumbline.contract.prompts import compiled_hash, filled_messages, messages_of, normalised_text, prompt_hash, template_hash
from support.vectors import vectors

Case = dict[str, Any]


@pytest.mark.parametrize("case", vectors("prompts")["cases"], ids=lambda case: case["name"])
def test_what_a_prompt_is_compiled_to(case: Case) -> None:
    messages = messages_of(normalised_text(case["template"]))
    content = {**case["content"], "messages": messages}
    assert messages == case["messages"]
    assert template_hash(content) == case["templateHash"]
    assert compiled_hash(content, case["variables"]) == case["compiledHash"]
    if "sent" in case:
        sent = filled_messages(messages, case["values"])
        assert sent == case["sent"]
        assert prompt_hash(sent) == case["promptHash"]


@pytest.mark.parametrize("case", vectors("prompts")["refused"], ids=lambda case: case["name"])
def test_what_is_refused(case: Case) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - its text is compared
        compiled_hash({**case["content"], "messages": messages_of(normalised_text(case["template"]))}, case["variables"])
    assert case["says"] in str(refusal.value)


@pytest.mark.parametrize("case", vectors("converse-inputs")["cases"], ids=lambda case: case["name"])
def test_what_is_asked_of_converse(case: Case) -> None:
    assert find_wrong_cache_points(case["content"]) == []
    assert converse_input(case["content"]) == case["input"]


@pytest.mark.parametrize("case", vectors("converse-inputs")["refused"], ids=lambda case: case["name"])
def test_cache_points_that_no_request_can_be_made_of(case: Case) -> None:
    assert find_wrong_cache_points(case["content"]) == case["says"]
