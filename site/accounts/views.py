from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse


@login_not_required
def one_way_in(request):
    """Where Wagtail's and Django's own log-in pages stood: allauth's, with its limits on attempts, is the only one.

    Both also send here those who are logged in and may not administer: they are told so, or allauth would send them
    back for ever.
    """
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect(reverse("account_login", query=request.GET))
