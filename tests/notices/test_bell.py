"""The bell: who is told, what is counted, what a removed person no longer sees."""

import pytest
from django.urls import reverse

from extranet.circles import domain as circles
from extranet.live.models import Entry
from extranet.notices import domain
from extranet.notices.kinds import NoticeKind
from extranet.notices.models import Notice
from forums.domain import open_thread
from tests.world import person
