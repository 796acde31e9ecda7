import pytest
from plumbline.contract.regions import dns_suffix_of, is_known_region, is_region, partition_of


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("us-east-1", "aws", "amazonaws.com"),
        ("ap-future-9", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
        ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
        ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
    ],
)
def test_a_region_has_its_partition_and_its_domain_also_a_newer_one(region: str, partition: str, suffix: str) -> None:
    assert (partition_of(region), dns_suffix_of(region)) == (partition, suffix)
    assert is_region(region)


def test_what_is_no_region_has_no_form_of_one() -> None:
    assert not any(is_region(text) for text in ("", "us-east", "us-east-1a", "us_east_1", "US-EAST-1", "us-east-1\n"))


def test_only_the_regions_of_the_contract_are_known() -> None:
    assert is_known_region("ap-northeast-1")
    assert not is_known_region("ap-future-9")
