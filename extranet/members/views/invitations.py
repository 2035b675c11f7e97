from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from extranet.circles import access

from .. import directory, domain
from ..forms import AcceptForm, InvitationForm
from .directory import territory_of


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request):
    """Invite someone to one's commune or group, and follow the invitations not used yet."""
    territory, administers = _entitled(request)
    form = InvitationForm(
        request.POST or None,
        user=request.user,
        territory=territory,
        administers=administers,
        initial={"commune": request.GET.get("commune"), "function": request.GET.get("fonction")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            invited = domain.invite(territory=territory, by=request.user, **form.cleaned_data)
        except domain.Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _what_was_done(invited))
            return redirect("members:invite")
    context = {
        "form": form,
        "pending": directory.pending_invitations(request.user, territory, administers),
        "administers": administers,
    }
    return render(request, "members/invite.html", context)


def _what_was_done(invited):
    name = invited.user.get_full_name() or invited.user.email
    if invited.invitation:
        return f"L’invitation de {name} est partie à l’adresse {invited.user.email}."
    if invited.gave_mandate:
        return f"{name} a déjà un compte\u202f: sa nouvelle fonction est ouverte, un courriel le lui dit."
    return f"{name} a déjà un compte et cette fonction\u202f: il n’y avait rien à faire."


@require_POST
def resend(request, pk):
    """Send an invitation again."""
    territory, administers = _entitled(request)
    invitation = get_object_or_404(directory.pending_invitations(request.user, territory, administers), pk=pk)
    try:
        domain.resend(invitation, by=request.user)
    except domain.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"L’invitation est repartie à l’adresse {invitation.email}, pour sept jours.")
    return redirect("members:invite")


def _entitled(request):
    """The territory and whether the person administers it; Http404 for who may invite nobody."""
    territory = territory_of(request)
    administers = access.administers(request.user, territory)
    if not administers and not directory.may_invite(request.user):
        raise Http404
    return territory, administers


@method_decorator([login_not_required, never_cache, sensitive_post_parameters()], name="dispatch")
class Accept(View):
    """The page of an invitation's link: who is invited, where, and the choice of a password."""

    def dispatch(self, request, token):
        self.invitation = domain.invitation_of(token, territory_of(request))
        response = super().dispatch(request, token)
        # The address holds the token: no other site may learn it. "no-referrer" would say even less, but browsers then
        # post the form with "Origin: null", which the CSRF protection refuses.
        response["Referrer-Policy"] = "same-origin"
        return response

    def get(self, request, token):
        if not self._usable:
            return self._unusable()
        return self._page(AcceptForm(user=self.invitation.user))

    def post(self, request, token):
        if not self._usable:
            return self._unusable()
        form = AcceptForm(request.POST, user=self.invitation.user)
        if not form.is_valid():
            return self._page(form)
        password = form.cleaned_data["password"]
        try:
            user = domain.accept(token, password)
        except domain.Refused:
            self.invitation = domain.invitation_of(token, request.territory)
            return self._unusable()
        login(request, authenticate(request, username=user.get_username(), password=password))
        messages.success(request, f"Bienvenue, {user.first_name}. Votre compte est ouvert.")
        return redirect("/")

    @property
    def _usable(self):
        invitation = self.invitation
        return bool(
            invitation
            and not invitation.used_at
            and not invitation.expired
            and invitation.user.is_active
            and invitation.user.last_login is None
        )

    def _page(self, form):
        context = {"form": form, "invitation": self.invitation, "mandate": self.invitation.mandate}
        return render(self.request, "members/accept.html", context)

    def _unusable(self):
        """A link that opens nothing any more: what happened, and what to do. Unknown: 404, used or expired: 410."""
        invitation = self.invitation
        opened = invitation and (invitation.used_at or invitation.user.last_login)
        status = 410 if invitation else 404
        return render(
            self.request, "members/unusable.html", {"invitation": invitation, "opened": opened}, status=status
        )


accept = Accept.as_view()
