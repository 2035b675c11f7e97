"""Mails as written: the words of a person, one link, how to receive less. HTML made of tables for Outlook, and text."""

import re
from collections import defaultdict
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import Truncator

from extranet.circles import access
from extranet.circles.models import Audience
from extranet.members.tasks import absolute_url
from extranet.ui import french, markdown

from . import kinds
from .kinds import Letter
from .links import Less

SITE = "Réseau des DGS"
EXTRACT = 240  # characters of a message in a digest


def of_delivery(delivery):
    """The EmailMessage of a Delivery; None when what it is about is gone."""
    kind, letter = _written(delivery)
    if letter is None:
        return None
    content, territory = delivery.content, delivery.territory
    about = (delivery.content_type_id, delivery.object_id)
    if delivery.absent:
        less = Less(user=delivery.user_id, absent=delivery.absent_id)
    else:
        less = Less(user=delivery.user_id, kind=kind.name, content=about)
    html = letter.html.replace('href="/', f'href="{absolute_url(territory, "/")}')
    places = _places([delivery], delivery.user)
    context = {
        "letter": letter,
        "html": mark_safe(html),  # a Letter’s html is safe
        "text": markdown.to_text(html),
        "title": str(content),
        "place": places.get(about, ""),
        "url": absolute_url(territory, delivery.url),
        "kind": kind,
        "absent": delivery.absent,
    }
    root = f"<{delivery.content_type.app_label}.{delivery.content_type.model}.{delivery.object_id}@{_host(territory)}>"
    headers = {"Message-ID": f"<avis.{delivery.pk}@{_host(territory)}>", "In-Reply-To": root, "References": root}
    replies = [delivery.actor.email] if delivery.actor and delivery.actor.is_active else None
    sender = letter.author or (delivery.actor.get_full_name() if delivery.actor else "")
    subject = f"[Copie] {letter.subject}" if delivery.absent else letter.subject
    return _message("letter", delivery, less, subject, context, headers, sender=sender, reply_to=replies)


def of_digest(digest, deliveries):
    """The EmailMessage of a Digest that says these deliveries; None when nothing is left to say."""
    circles, number = _grouped(digest, deliveries)
    if not number:
        return None
    day = french.day(digest.slot)
    context = {"circles": circles, "day": day, "number": number}
    context["url"] = absolute_url(digest.territory, reverse("notices:index"))
    headers = {"Message-ID": f"<recapitulatif.{digest.pk}@{_host(digest.territory)}>"}
    subject = f"Récapitulatif du {day}\u202f: {french.number(number)} nouveauté{french.plural(number)}"
    return _message("digest", digest, Less(user=digest.user_id, digest=True), subject, context, headers)


def _message(name, leaving, less, subject, context, headers, *, sender="", reply_to=None):
    territory, user = leaving.territory, leaving.user
    unsubscribe = absolute_url(territory, less.path)
    context |= {
        "site": SITE,
        "territory": territory,
        "reader": user,
        "less": unsubscribe,
        "preferences": absolute_url(territory, reverse("notices:preferences")),
    }
    headers |= {
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    name_of_site, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    shown = f"{_one_line(sender)} · {name_of_site or SITE}" if sender else name_of_site or SITE
    message = EmailMultiAlternatives(
        _one_line(subject),
        render_to_string(f"notices/mail/{name}.txt", context),
        from_email=formataddr((shown, address)),
        to=[user.email],
        reply_to=reply_to,
        headers=headers,
    )
    message.attach_alternative(render_to_string(f"notices/mail/{name}.html", context), "text/html")
    return message


def _written(delivery):
    """(NoticeKind, Letter) of a Delivery, read now; no Letter when its plugin, its content or its part is gone."""
    kind = kinds.registered().get(delivery.kind)
    if kind is None or delivery.content is None:
        return kind, None
    if kind.letter is None:
        return kind, Letter(str(delivery.content), format_html("<p>{}</p>", delivery.text))
    return kind, kind.letter(delivery.content, delivery.part)


def _grouped(digest, deliveries):
    """([{name, shelves: [{name, things: [{title, url, lines}]}]}], number of lines): what belongs together, by circle,
    then by shelf, then by thing."""
    places, written, number = _places(deliveries, digest.user), {}, 0
    for delivery in deliveries:
        kind, letter = _written(delivery)
        if letter is None:
            continue
        about = (delivery.content_type_id, delivery.object_id)
        place, shelf = places.get(about, ""), (kind.order // 100, kind.shelf)
        thing = {
            "title": str(delivery.content),
            "url": absolute_url(digest.territory, delivery.url),
            "lines": [],
        }
        things = written.setdefault(place, defaultdict(dict))[shelf]
        extract = Truncator(re.sub(r"[ \t\n]+", " ", markdown.to_text(letter.html))).chars(EXTRACT)
        line = {"letter": letter, "extract": extract, "absent": delivery.absent, "at": delivery.created_at}
        things.setdefault(about, thing)["lines"].append(line)
        number += 1
    circles = [
        {
            "name": place,
            "shelves": [
                {"name": name, "things": list(shelves[order, name].values())} for order, name in sorted(shelves)
            ],
        }
        for place, shelves in sorted(written.items())
    ]
    return circles, number


def _places(deliveries, user):
    """{(id of a ContentType, id): name of a circle that `user` may view}: the thing's home, else another. One query."""
    mine, names = access.rights_of(user).circles, {}
    rows = Audience.objects.filter(
        content_type__in={each.content_type_id for each in deliveries},
        object_id__in={each.object_id for each in deliveries},
        circle__in=list(mine),
    )
    circles = defaultdict(set)
    for content_type, object_id, circle in rows.values_list("content_type", "object_id", "circle"):
        circles[content_type, object_id].add(circle)
    for each in deliveries:
        about = (each.content_type_id, each.object_id)
        home = getattr(each.content, "home_circle_id", None)
        found = circles[about]
        if found:
            names[about] = mine[home if home in found else min(found)].name
    return names


def _host(territory):
    return urlsplit(absolute_url(territory, "/")).hostname


def _one_line(text):
    """Without what no header holds: line ends and other controls."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
