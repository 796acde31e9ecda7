from collections.abc import Iterator

import pytest
from plumbline.telemetry.settings import settings
from support.output import Output


@pytest.fixture
def output(capsys: pytest.CaptureFixture[str]) -> Output:
    return Output(capsys)


@pytest.fixture(autouse=True)
def _settings_of_this_test() -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()
