"""One of each thing in a circle, with a canary in every text, and the requests of the matrix made with them.

The function of a plugin adds its things and its requests, by the names that the matrix gives in its third column. A
plugin that is left out (EXTRANET_WITHOUT) adds nothing.
"""

from datetime import timedelta
from tempfile import NamedTemporaryFile
from types import SimpleNamespace

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import PageViewRestriction

from extranet.circles import access
from extranet.circles import domain as circles
from extranet.circles.models import Circle, Commune, Function, Mandate
from extranet.members import domain as members
from extranet.notices import domain as notices
from extranet.notices import kinds, links
from extranet.notices.models import Channel, Delivery, Digest, Notice
from tests.world import PASSWORD, person

from .asking import Ask

if apps.is_installed("forums"):
    from forums import domain as forums
    from forums.models import Thread
    from forums.moving.domain import import_threads
    from forums.polls import domain as polls
    from forums.polls.models import Elector, Poll
if apps.is_installed("events"):
    from events import domain as events
    from events.models import Answer, Kind, Registration
if apps.is_installed("extranet.library"):
    from extranet.library import domain as library
    from extranet.library.models import Resource, Theme

SEARCHED = ("mission", "guestname", "title", "post", "edited", "meeting", "description", "resource", "secondinside")


def canary(mark, name):
    """A word that stands nowhere else: in the circle `mark`, the field `name` (letters only)."""
    return f"kz{mark}{name}zq"


def everywhere(world):
    """The things of four circles, each a namespace with `circle`, `asks` and what it is made of."""
    montsoreau = Commune.objects.get(pk=world.montsoreau.pk).circle
    places = {
        # circle, who writes, who runs the circle, someone who could be named to it
        "saumur": (montsoreau, world.stranger, world.stranger, world.stranger),
        "south": (world.south, world.helene, world.admin, world.karim),
        "avrille": (world.avrille.circle, world.marc, world.karim, world.helene),
        "group": (world.group, world.helene, world.yves, world.marc),
    }
    with TestCase.captureOnCommitCallbacks(execute=True):  # search learns, people are told, invitations leave
        made = {mark: make(mark, *place) for mark, place in places.items()}
    for each in made.values():
        finish(each)
    return made


def make(mark, circle, author, runner, newcomer):
    """One of each thing in `circle`: written by `author`, its replies and meetings by `runner`."""
    made = SimpleNamespace(mark=mark, circle=circle, author=author, runner=runner, newcomer=newcomer)
    made.asks, made.things, made.topics, made.jobs = {}, {}, {}, {}
    made.word = lambda name: canary(mark, name)
    circles.describe(circle, mission=f"Préparer {made.word('mission')}.")
    of_circles(made)
    of_members(made)
    for app, fill in OPTIONAL.items():
        if apps.is_installed(app):
            fill(made)
    of_the_host(made)
    return made


def of_circles(made):
    circle, slug = made.circle, made.circle.slug
    guest = person(f"{made.word('guest')}@conseil.example", "Invité", made.word("guestname"))
    until = timezone.localdate() + timedelta(days=9)
    made.guest = guest
    made.mandate = circles.give_mandate(
        guest, Function.GUEST, territory=circle.territory, circle=circle, ends_on=until, title="Expert"
    )
    circles.join(circle, guest)
    reads = circles.open_circle(circle.territory, Circle.Kind.GROUP, f"Observateurs de {circle}")  # nobody is in it
    # Communes are known to all: the same for every sample, so that swapping samples swaps nothing.
    could_read = circle.territory.circles.filter(name__in=["Feneu", "Montsoreau"]).exclude(pk=circle.pk).first()
    could_read = could_read or circle.territory.circles.get(kind=Circle.Kind.EVERYONE)
    circles.invite_observer(circle, reads)
    mission = {"mission": "Une mission nouvelle.", "deliverables": "", "due_on": "", "pilot": made.author.pk}
    made.asks |= {
        "nothing": Ask(),
        "nothing.sent": Ask(writes=False),
        "circle": Ask({"slug": slug}),
        "circle.new": Ask(data={"kind": "group", "name": "Voirie", "mission": "", "deliverables": ""}),
        "circle.mission": Ask({"slug": slug}, data=mission),
        "circle.newcomer": Ask({"slug": slug}, data={"person": made.newcomer.pk, "role": "member"}),
        "circle.guest": Ask({"slug": slug, "user_id": guest.pk}),
        "circle.observer": Ask({"slug": slug}, data={"observer": could_read.pk}),
        "circle.observed": Ask({"slug": slug, "observer": reads.slug}),
        "guest.mandate": Ask({"pk": made.mandate.pk}, data={"last_day": ""}),
        "author.mandate": Ask({"pk": Mandate.objects.get(user=made.author).pk}, data={"last_day": ""}),
        "circle.rights": Ask({"model": "circles.circle", "pk": circle.pk}),
        "circle.watch": Ask({"model": "circles.circle", "pk": circle.pk}, data={"level": "3"}),
    }


def of_members(made):
    circle = made.circle
    details = {
        "email": f"{made.word('invitedmail')}@conseil.example",
        "first_name": made.word("invitedfirst"),
        "last_name": made.word("invitedlast"),
        "function": Function.GUEST,
        "territory": circle.territory,
        "circle": circle,
        "ends_on": timezone.localdate() + timedelta(days=20),
    }
    made.invitation = members.invite(**details, by=made.runner).invitation
    made.jobs["extranet.members.tasks.send_invitation"] = lambda people: [(made.invitation.pk,)]
    made.jobs["extranet.members.tasks.tell_new_function"] = lambda people: [
        (mandate.pk, None) for mandate in Mandate.objects.filter(user__in=people)
    ]
    invite = {
        "email": "nouvelle@conseil.example",
        "first_name": "Nouvelle",
        "last_name": "Experte",
        "function": Function.GUEST,
        "circle": circle.pk,
        "ends_on": str(timezone.localdate() + timedelta(days=5)),
    }
    table = "Courriel;Prénom;Nom;Code INSEE;Fonction\nneuve@avrille.example;Anne;Neuve;49015;Agent\n"
    table = SimpleUploadedFile("p.csv", table.encode(), "text/csv")
    made.asks |= {
        "person": Ask({"pk": made.author.pk}),
        "guest": Ask({"pk": made.guest.pk}),
        "people.circle": Ask(query={"groupe": circle.slug}),
        "commune": Ask({"insee_code": "49219" if made.mark == "saumur" else "49035"}),
        "invite.guest": Ask(data=invite),
        "invitation": Ask({"pk": made.invitation.pk}),
        "people.table": Ask(data={"file": table}, writes=False),
        "profile": Ask(data={"first_name": "Autre", "last_name": "Nom", "phone": "", "themes": ""}),
    }


def of_forums(made):
    circle, author, runner = made.circle, made.author, made.runner
    made.thread = thread = forums.open_thread(author, made.word("title"), f"Texte {made.word('post')}.", [circle])
    reply = forums.reply(thread, runner, f"Réponse {made.word('reply')}.")
    forums.edit(reply, runner, f"Réponse {made.word('edited')}.")
    removed = forums.reply(thread, author, f"Retiré {made.word('removed')}.")
    forums.remove(removed, author, f"Motif {made.word('reason')}")
    closed = forums.open_thread(author, made.word("closedtitle"), f"Close {made.word('closedpost')}.", [circle])
    forums.close(closed, author)
    forums.sum_up(closed.posts.get(), author)
    mailed = of_a_mailbox(made)
    of_polls(made)
    made.topics["forums.thread"] = thread.pk
    made.things["thread"] = thread
    made.jobs |= {
        "forums.tasks.tell_of_post": lambda people: [(reply.pk, [each.pk for each in people])],
        "forums.tasks.tell_of_edit": lambda people: [(reply.pk, [each.pk for each in people])],
        "forums.tasks.index": lambda people: [(thread.pk,)],
    }
    words = {"body": "Un message."}
    new = {"title": "Un sujet", "circles": [circle.pk], **words}
    made.asks |= {
        "thread": Ask({"pk": thread.pk}, data={**words, "seq": 1, "reason": "Doublon."}),
        "thread.preview": Ask({"pk": thread.pk}, data=words, writes=False),
        "thread.closed": Ask({"pk": closed.pk}),
        "thread.new": Ask(data=new),
        "thread.new.words": Ask(data=new, writes=False),
        "thread.list": Ask(query={"groupe": circle.slug}),
        "thread.rights": Ask({"model": "forums.thread", "pk": thread.pk}),
        "thread.watch": Ask({"model": "forums.thread", "pk": thread.pk}, data={"level": "0"}),
        "thread.live": Ask({"topic": f"forums.thread:{thread.pk}"}, query={"after": "0"}),
        "post.author": Ask({"pk": thread.pk, "seq": 1}, data={"body": "Autrement dit.", "reason": "Doublon."}),
        "post.runner": Ask({"pk": thread.pk, "seq": reply.seq}, data={"body": "Autrement dit.", "reason": "Doublon."}),
        "post.removed": Ask({"pk": thread.pk, "seq": removed.seq}, data={"body": "Autrement.", "reason": "Encore."}),
        "post.file": Ask({"pk": mailed.pk, "seq": 1, "number": 1, "name": f"{made.word('mailfile')}.txt"}),
        "post.removed.file": Ask({"pk": mailed.pk, "seq": 2, "number": 1, "name": f"{made.word('lostfile')}.txt"}),
    }


def of_a_mailbox(made):
    """A thread that came by mail, with a file; its second message, with another, is removed."""

    def letter(number, text, file):
        return (
            f"From extranet Mon Dec 10 09:05:00 2012\nFrom: {made.word('outsider')} <x@ailleurs.example>\n"
            f"Subject: {made.word('mailtitle')}\nMessage-ID: <{made.mark}-{number}@x>\nReferences: <{made.mark}-1@x>\n"
            "Date: Mon, 10 Dec 2012 09:05:00 +0100\nContent-Type: multipart/mixed; boundary=limite\n\n"
            f"--limite\n\nTexte {made.word(text)}.\n--limite\nContent-Disposition: attachment;"
            f" filename={made.word(file)}.txt\n\nContenu {made.word(file + 'inside')}.\n--limite--\n\n"
        )

    with NamedTemporaryFile("w", suffix=".mbox") as file:
        file.write(letter(1, "mailed", "mailfile") + letter(2, "lost", "lostfile"))
        file.flush()
        import_threads(file.name, made.circle)
    thread = Thread.objects.get(title=made.word("mailtitle"))
    forums.remove(thread.posts.get(seq=2), made.runner, f"Motif {made.word('lostreason')}")
    return thread


def of_polls(made):
    """Questions in the thread: open and closed, to people and to communes, signed and secret, each answered once."""

    def ask(name, author=made.runner, **options):
        words = made.word(name)
        choices = [made.word(f"{name}choice"), "Non"]
        poll = polls.open_poll(author, made.thread, words, Poll.Kind.SINGLE, choices, closes_at=ends, **options)
        voice = polls.voices_of(made.runner).filter(poll=poll).first()
        if voice:
            polls.vote(poll, made.runner, voice, [1, 0], made.word(f"{name}motive"))
        return poll

    ends = timezone.now() + timedelta(days=2)
    asked, of_author, secret = ask("question"), ask("authorquestion", made.author), ask("secretquestion", secret=True)
    of_communes, closed = ask("communequestion", by_commune=True), ask("closedquestion")
    polls.close(closed, made.runner)
    polls.say_outcome(closed, made.runner, made.word("outcome"))

    def everyone_votes(people, poll):
        """Everyone is an elector: who is told is then a matter of rights."""
        known = set(poll.electors.values_list("user", flat=True))
        new = [Elector(poll=poll, user=each, name=str(each)) for each in people if each.pk not in known]
        Elector.objects.bulk_create(new)
        return poll.pk

    made.jobs |= {
        "forums.polls.tasks.tell_of_opening": lambda people: [(everyone_votes(people, asked),)],
        "forums.polls.tasks.tell_of_closing": lambda people: [(everyone_votes(people, closed), made.runner.pk)],
    }
    ends_on = f"{timezone.localtime(ends):%Y-%m-%dT%H:%M}"
    new = {"question": "Quel seuil ?", "kind": "single", "choices": "5\n10", "closes_at": ends_on}
    new |= {"by_commune": "person", "secret": "signed", "quorum_unit": "voices"}
    voice = of_communes.electors.filter(access.run_by(made.author)).first()

    def at(poll, **data):
        return Ask({"pk": made.thread.pk, "seq": poll.post.seq}, data=data)

    made.asks |= {
        "poll.new": Ask({"pk": made.thread.pk}, data=new),
        "poll": at(asked, choice="1"),
        "poll.author": at(of_author, choice="1"),
        "poll.secret": at(secret, choice="1"),
        "poll.communes": at(of_communes, choice="1"),
        "poll.commune": at(of_communes, choice="1", voice=voice.pk if voice else 0),
        "poll.closed": at(closed, choice="1", outcome="Retenu."),
    }


def of_events(made):
    circle, runner = made.circle, made.runner
    starts = timezone.now() + timedelta(days=3)
    made.things["event"] = event = events.convene(
        runner,
        [circle],
        made.word("meeting"),
        Kind.WORKING,
        starts,
        starts + timedelta(hours=2),
        items=[{"title": made.word("point"), "minutes": 20, "speaker": made.word("speaker")}],
        description=f"Venez {made.word('description')}.",
        place=made.word("place"),
        address=made.word("address"),
        video_url=f"https://visio.example/{made.word('video')}",
    )
    events.register(event, made.author, Answer.REPRESENTED, note=made.word("registrationnote"))
    called_off = events.convene(
        runner, [circle], made.word("calledoff"), Kind.WORKING, starts, starts + timedelta(hours=1)
    )
    events.cancel(called_off, runner, made.word("cancelreason"))

    def all_come(people):
        Registration.objects.filter(event=event).delete()
        rows = [Registration(event=event, user=each, answer=Answer.ON_SITE) for each in people]
        Registration.objects.bulk_create(rows)
        return [(event.pk, True)]

    made.jobs |= {
        "events.tasks.tell_of_convocation": lambda people: [(event.pk,)],
        "events.tasks.tell_of_change": all_come,
        "events.tasks.tell_of_cancellation": lambda people: [(event.pk,)],
        "events.tasks.index": lambda people: [(event.pk,)],
    }
    day = str(timezone.localdate() + timedelta(days=9))
    points = {"points-TOTAL_FORMS": "0", "points-INITIAL_FORMS": "0"}
    meeting = {"title": "Séance", "kind": "working", "day": day, "starts": "09:00", "ends": "11:00", **points}
    series = {"title": "Série", "kind": "working", "pattern": "monthly", "ordinal": "1", "every": "1", "weekday": "1"}
    series |= {"first_on": day, "starts": "09:00", "ends": "11:00"}
    pk = {"pk": event.pk}
    made.asks |= {
        "event": Ask(pk),
        "event.answer": Ask(pk, data={"answer": "on_site"}),
        "event.change": Ask(pk, data=meeting),
        "event.reason": Ask(pk, data={"reason": "Salle indisponible."}),
        "event.calledoff": Ask({"pk": called_off.pk}, data=meeting),
        "event.new": Ask(data={**meeting, "home": circle.pk}),
        "event.series": Ask(data={**series, "home": circle.pk}),
        "event.month": Ask({"year": starts.year, "month": starts.month}),
        "event.list": Ask(query={"groupe": circle.slug}),
        "event.rights": Ask({"model": "events.event", "pk": event.pk}),
        "feed.new": Ask(data={"action": "create"}),
    }


def of_library(made):
    def text(name):
        return SimpleUploadedFile(f"{made.word(name)}.txt", f"Contenu {made.word(name + 'inside')}.".encode())

    circle, author, theme = made.circle, made.author, Theme.objects.first()
    made.things["resource"] = resource = library.add_resource(
        author,
        [circle],
        made.word("resource"),
        Resource.Kind.DOCUMENT,
        theme,
        file=text("file"),
        reason=made.word("firstreason"),
        summary=made.word("summary"),
        body=f"# Méthode\n\n{made.word('sheet')}",
        legal_references=made.word("law"),
    )
    version = library.add_version(resource, text("second"), author, made.word("secondreason"))
    archived = library.add_resource(author, [circle], made.word("archived"), Resource.Kind.SHEET, theme, body="Texte.")
    library.archive(archived)
    link = library.add_resource(
        author, [circle], made.word("link"), Resource.Kind.LINK, theme, link=f"https://{made.word('linked')}.example/"
    )
    made.jobs["extranet.library.tasks.read_text"] = lambda people: [(version.pk,)]
    made.jobs["extranet.library.tasks.tell_of_resource"] = lambda people: [(resource.pk,)]
    pk, file = {"pk": resource.pk}, {"pk": resource.pk, "number": 2}
    words = {"title": "Autre titre", "kind": "document", "theme": theme.pk, "circles": [circle.pk]}
    made.asks |= {
        "resource": Ask(pk),
        "resource.link": Ask({"pk": link.pk}),
        "resource.archived": Ask({"pk": archived.pk}),
        "resource.list": Ask(query={"groupe": circle.slug}),
        "resource.change": Ask(pk, data={**words, "kind": "fiche", "body": "Autre texte."}),
        "resource.new": Ask(data={**words, "file": SimpleUploadedFile("neuf.txt", b"Un fichier neuf.")}),
        "resource.version": Ask(pk, data={"file": SimpleUploadedFile("v3.txt", b"La suite."), "reason": "Suite."}),
        "resource.reread": Ask(file),
        "resource.file": Ask({**file, "name": version.name}),
        "resource.first": Ask({"pk": resource.pk, "number": 1, "name": f"{made.word('file')}.txt"}),
        "resource.rights": Ask({"model": "library.resource", "pk": resource.pk}),
    }


def of_notices(made, to=None):
    """A notice to the author (or `to`), about the first thing that there is."""
    if not (made.things and kinds.registered()):
        return
    kind, about = next(iter(kinds.registered())), next(iter(made.things.values()))
    to = to or made.author
    part = about.posts.get(seq=1).pk if hasattr(about, "posts") else 0
    url = about.get_absolute_url()
    notices.tell([to], kind, about, f"Avis {made.word('notice')}", url)
    made.notice = Notice.objects.get(user=to, text__contains=made.word("notice"))
    made.asks["notice"] = Ask({"pk": made.notice.pk})
    made.asks["less"] = Ask({"token": links.Less(user=to.pk, kind=kind).path.split("/")[-2]})
    choices = {name: "site" for name in kinds.registered()}
    made.asks["preferences"] = Ask(
        data={**choices, "digest": "daily", "digest_hour": 9, "digest_day": 0, "substitute": made.newcomer.pk}
    )
    news = {
        "territory": made.circle.territory,
        "kind": kind,
        "content": about,
        "part": part,
        "text": "Avis",
        "url": url,
    }

    def deliveries(people, **options):
        Delivery.objects.all().delete()
        return [Delivery.objects.create(user=each, not_before=timezone.now(), **news, **options) for each in people]

    def digests(people):
        found = [
            (each, Digest(user=each.user, territory=each.territory, slot=timezone.now()))
            for each in deliveries(people, channel=Channel.DIGEST)
        ]
        for each, digest in found:
            digest.save()
            Delivery.objects.filter(pk=each.pk).update(digest=digest)
        return [(digest.pk,) for _, digest in found]

    made.jobs["extranet.notices.tasks.send_mails"] = lambda people: [
        ([each.pk for each in deliveries(people, channel=Channel.MAIL)],)
    ]
    made.jobs["extranet.notices.tasks.send_digest"] = digests
    made.asks["notice.live"] = Ask({"topic": f"notices.inbox:{to.pk}"}, query={"after": "0"})
    made.topics["notices.inbox"] = to.pk


def of_the_host(made):
    address, password = made.author.email, "une tout autre phrase"
    file = ContentFile(made.word("documentfile").encode(), f"{made.word('documentname')}.txt")
    lock = PageViewRestriction.objects.get(page__sites_rooted_here__territory=made.circle.territory)
    document = get_document_model().objects.create(title=made.word("document"), file=file)
    restriction = {"page_view_restriction_id": lock.pk, "page_id": lock.page_id}
    searched = {f"words.{name}": Ask(query={"q": made.word(name)}) for name in SEARCHED}
    made.asks |= searched | {
        "sign.in": Ask(data={"login": address, "password": PASSWORD}),
        "sign.in.code": Ask(data={"email": address}, writes=False),
        "password": Ask(data={"oldpassword": PASSWORD, "password1": password, "password2": password}),
        "password.again": Ask(data={"password": PASSWORD}, writes=False),
        "password.lost": Ask(data={"email": address}, writes=False),
        "password.wrong.key": Ask({"uidb36": "1", "key": "abc-123"}, data={"password1": password}, writes=False),
        "display": Ask(data={"appearance": "dark"}, writes=False),
        "words": Ask(query={"q": "kz"}),
        "home": Ask(path="/", writes=False),
        "circle.page": Ask(path=f"/groupes/{made.circle.slug}/"),
        "circle.index": Ask(path="/groupes/"),
        "admin": Ask(path="/admin/"),
        "django.admin": Ask(path="/django-admin/"),
        "way.in": Ask(path="/_util/login/"),
        "wagtail.password": Ask(restriction, data={"password": "x"}, writes=False),
        "wagtail.document": Ask(path=document.url),
        "wagtail.document.password": Ask({"restriction_id": 1}, data={"password": "x"}, writes=False),
    }


def finish(made):
    """What comes once the rest is committed: a notice, for those that come by themselves would join it, and the
    addresses that hold a secret, for the mail of an invitation changes it when it leaves."""
    of_notices(made)
    password = {"password": "une tout autre phrase", "again": "une tout autre phrase"}
    made.asks["invitation.token"] = Ask({"token": made.invitation.issue_token()}, data=password)
    if apps.is_installed("events"):
        made.asks["feed"] = Ask({"token": events.issue_feed(made.author)})


# What stands in a plugin that may be left out.
OPTIONAL = {"forums": of_forums, "events": of_events, "extranet.library": of_library}
