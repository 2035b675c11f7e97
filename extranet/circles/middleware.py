from django.shortcuts import render

from . import access, domain


class TerritoryMiddleware:
    """Says which territory the host name serves (`request.territory`) and narrows the person's rights to it.

    Stands after AuthenticationMiddleware. A signed-in person without any right in the territory (mandate ended, guest
    expired, member of another authority) gets one page that says so, whatever the address.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.territory = domain.territory_of_host(request)
        if request.user.is_authenticated:
            access.within(request.user, request.territory)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not user.is_authenticated or not getattr(view, "login_required", True):
            return None
        if access.rights_of(user).stale:
            domain.refresh_rights([user.pk])
            access.within(user, request.territory)
        if access.circles_of(user) or user.has_perm("wagtailadmin.access_admin") or _is_account(request):
            return None
        return render(request, "circles/no_mandate.html", status=403)


def _is_account(request):
    match = request.resolver_match
    return bool(match and match.url_name and match.url_name.startswith("account_"))
