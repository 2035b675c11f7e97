import pytest
from wagtail import hooks

from tests.live import kind


@pytest.fixture(autouse=True)
def topic_kind():
    kind.rendered.clear()
    with hooks.register_temporarily("register_live_topic", kind.of_circles):
        yield
