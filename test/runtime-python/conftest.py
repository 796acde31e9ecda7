from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from plumbline.telemetry.settings import settings
from support.output import Output

# How long a case takes says how busy the machine is.
hypothesis_settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("any machine")


@pytest.fixture
def output(capsys: pytest.CaptureFixture[str]) -> Output:
    return Output(capsys)


@pytest.fixture(autouse=True)
def _settings_of_this_test() -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()
