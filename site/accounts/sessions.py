"""How long a session lasts: an idle limit and an absolute one, shorter for those who administer."""

from datetime import timedelta
from time import time

from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils.deprecation import MiddlewareMixin

HOUR = int(timedelta(hours=1).total_seconds())
# (idle, absolute), in seconds
MEMBER = (12 * HOUR, 7 * 24 * HOUR)
ADMINISTRATOR = (HOUR // 2, 8 * HOUR)
# The last visit is written at most this often, in seconds: a page read must not cost a write each time.
PRECISION = 120
STATE = "session_limits"


@receiver(user_logged_in, dispatch_uid="accounts.sessions.begin")
def begin(sender, request, user, **kwargs):
    """Note when the session began and whose limits it follows; the log-in saves it."""
    if request is not None and hasattr(request, "session"):
        administers = user.is_staff or user.is_superuser or user.has_perm("wagtailadmin.access_admin")
        now = int(time())
        request.session[STATE] = {"began": now, "seen": now, "administers": administers}


class SessionLimitsMiddleware(MiddlewareMixin):
    """End the session whose limit is passed; the person then meets the log-in page."""

    def process_request(self, request):
        if SESSION_KEY not in request.session:
            return
        state = request.session.get(STATE)
        now = int(time())
        if state is None or is_over(state, now):
            logout(request)
        elif now - state["seen"] >= PRECISION and not is_automatic(request):
            request.session[STATE] = {**state, "seen": now}


def is_over(state, now):
    idle, absolute = ADMINISTRATOR if state["administers"] else MEMBER
    return now - state["seen"] > idle or now - state["began"] > absolute


def is_automatic(request):
    """Whether the page asks by itself, without anyone before the screen: catching up with the live log."""
    return request.method == "GET" and request.path.startswith("/live/")
