"""Mails of this app. They leave after commit; what they hold is read when they leave."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django_tasks import task

from extranet.circles.models import Mandate

from .models import Invitation


@task
def send_invitation(invitation_id):
    """Write to the invited person. The token is made here, so that neither the queue nor the database ever holds it."""
    invitation = (
        Invitation.objects.usable()
        .filter(pk=invitation_id)
        .select_related("user", "sent_by", "territory__site", "mandate__commune", "mandate__circle")
        .first()
    )
    if invitation is None:  # used, replaced or taken back since
        return
    token = invitation.issue_token()
    context = {
        "invitation": invitation,
        "mandate": invitation.mandate,
        "url": absolute_url(invitation.territory, reverse("members:accept", args=[token])),
    }
    _send("invitation", invitation.email, context, by=invitation.sent_by, territory=invitation.territory)


@task
def tell_new_function(mandate_id, by_id):
    """Tell someone who already has an account that she has been given a function."""
    mandate = Mandate.objects.active().filter(pk=mandate_id, user__is_active=True)
    mandate = mandate.select_related("user", "territory__site", "commune", "circle").first()
    if mandate is None:
        return
    by = get_user_model().objects.filter(pk=by_id).first()
    context = {"mandate": mandate, "by": by, "url": absolute_url(mandate.territory, "/")}
    _send("new_function", mandate.user.email, context, by=by, territory=mandate.territory)


def absolute_url(territory, path):
    """The address of a page on the territory's own host name."""
    root = territory.site.root_url if territory.site_id else settings.WAGTAILADMIN_BASE_URL
    return root.rstrip("/") + path


def _send(name, address, context, *, by, territory):
    held = Mandate.objects.active().filter(user=by, territory=territory).select_related("commune", "territory").first()
    context = {"territory": territory, "by": by, "by_label": held.label if held else "", **context}
    subject = " ".join(render_to_string(f"members/mail/{name}_subject.txt", context).splitlines()).strip()
    mail = EmailMultiAlternatives(
        subject,
        render_to_string(f"members/mail/{name}.txt", context),
        to=[address],
        reply_to=[by.email] if by else None,
    )
    mail.attach_alternative(render_to_string(f"members/mail/{name}.html", context), "text/html")
    mail.send()
