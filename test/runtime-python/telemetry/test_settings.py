import pytest
from plumbline.telemetry.settings import read_settings

ECS = {"ECS_CONTAINER_METADATA_URI_V4": "http://169.254.170.2/v4/x"}


@pytest.mark.parametrize(
    ("environment", "metrics"),
    [
        (ECS, "PUT_METRIC_DATA"),
        ({**ECS, "PLUMBLINE_METRICS": "EMF"}, "EMF"),
        ({**ECS, "AWS_LAMBDA_FUNCTION_NAME": "chat"}, "EMF"),
        ({**ECS, "CODEBUILD_BUILD_ID": "build:1"}, "EMF"),
        ({}, "EMF"),
        ({"PLUMBLINE_METRICS": "PUT_METRIC_DATA"}, "PUT_METRIC_DATA"),
    ],
)
def test_the_way_of_metrics(environment: dict[str, str], metrics: str) -> None:
    assert read_settings(environment).metrics == metrics


def test_another_way_of_metrics_is_an_error() -> None:
    with pytest.raises(ValueError, match='"STATSD" is not one of AUTO, EMF, PUT_METRIC_DATA'):
        read_settings({"PLUMBLINE_METRICS": "STATSD"})


NO_OLD_NAMES = [
    "[",
    "{}",
    "7",
    "null",
    "[{}]",
    "[7]",
    "[null]",
    '[{"metric":"ErrorCount","namespace":"O"}]',
    '[{"metric":"E","namespace":"O","name":7}]',
]


def test_old_names_of_metrics_are_read() -> None:
    given = '[{"metric":"ErrorCount","namespace":"Old","name":"errors"}]'
    assert read_settings({"PLUMBLINE_METRIC_MIGRATIONS": given}).metric_migrations == (("ErrorCount", "Old", "errors"),)
    assert read_settings({}).metric_migrations == ()


@pytest.mark.parametrize("given", NO_OLD_NAMES)
def test_what_is_no_list_of_old_names_is_an_error(given: str) -> None:
    with pytest.raises(ValueError, match="PLUMBLINE_METRIC_MIGRATIONS is no list of old names"):
        read_settings({"PLUMBLINE_METRIC_MIGRATIONS": given})


NO_TEAM_METRICS = [
    "[",
    "{}",
    "7",
    "null",
    "[{}]",
    "[7]",
    "[null]",
    '[{"id":"OrderCount"}]',
    '[{"id":"."}]',
    '[{"id":7}]',
    '[{"id":"Shop.Orders","unit":7}]',
    '[{"id":"Shop.Orders","sets":[]}]',
    '[{"id":"Shop.Orders","sets":["environment"]}]',
    '[{"id":"Shop.Orders","sets":[[7]]}]',
]


@pytest.mark.parametrize("given", NO_TEAM_METRICS)
def test_what_is_no_list_of_metrics_of_a_team_is_an_error(given: str) -> None:
    with pytest.raises(ValueError, match="PLUMBLINE_TEAM_METRICS is no list of metrics of a team"):
        read_settings({"PLUMBLINE_TEAM_METRICS": given})
