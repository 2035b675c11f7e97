"""Every page, as a browser shows it: five widths, two schemes."""

import pytest

from tests.access.urls import patterns
from tests.browser.looks import faults
from tests.browser.pages import NO_PAGES, PAGES
from tests.conftest import WITHOUT

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.path}-{page.who}")
def test_page_is_accessible_and_holds_in_its_width(page, enter, site):
    seen = enter(page.who)
    answer = seen.goto(page.path.format(**site.places))
    assert answer.status == page.status
    assert faults(seen) == []


@pytest.mark.skipif(bool(WITHOUT), reason="a plugin is left out: its pages are listed and absent")
def test_every_page_is_looked_at():
    seen = {page.pattern for page in PAGES}
    assert patterns() - seen - NO_PAGES.keys() == set()
    assert not seen & NO_PAGES.keys()
    assert NO_PAGES.keys() <= patterns()
