import pytest
from plumbline.contract.teaching_text import teaching_text


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (None, "nothing"),
        ("us-east-9", '"us-east-9"'),
        (["é", 1], '["é", 1]'),
        ({"a"}, "{'a'}"),
    ],
)
def test_says_where_what_was_given_what_is_allowed_and_how_to_mend_it(given: object, shown: str) -> None:
    text = teaching_text("BedrockClientFactory.create", problem="no such Region", given=given, allowed="a Region", fix="leave it out")
    assert text == f"[BedrockClientFactory.create] no such Region.\n  given:   {shown}\n  allowed: a Region\n  fix:     leave it out"
