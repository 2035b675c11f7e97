from datetime import timedelta

from django.contrib.auth import get_user_model

from extranet.circles import access
from forums import domain
from forums.models import Poll, Thread
from forums.polls import domain as polls

from .. import content

# What is older than this has been read by everyone the demo lets in.
READ_AFTER = timedelta(days=5)


def write(network, texts, progress):
    """The threads, post by post, as their authors wrote them."""
    step = progress("Discussions", len(texts.threads))
    for text in texts.threads:
        _write_thread(network, text)
        step()


def settle(network, texts):
    """Once notices are written: what is old has been read by those whom the demo lets in."""
    emails = {account.email for account in texts.accounts}
    readers = [user for user in network.people.values() if user.email in emails]
    for thread in Thread.objects.filter(home_circle__territory=network.territory):
        recent = thread.posts.filter(created_at__gt=network.now - READ_AFTER).count()
        viewers = access.viewers(thread, [user.pk for user in readers])
        for user in readers:
            if user.pk in viewers:
                domain.read(user, thread, thread.last_seq - recent)


def _write_thread(network, text):
    circles = [network.circles[slug] for slug in text.circles]
    first, *others = text.posts
    thread = domain.open_thread(
        network.people[first.author],
        text.title,
        first.body,
        circles,
        at=content.instant(first.when, network.now),
    )
    asked = {poll.when: poll for poll in text.polls}
    for post in others:
        author, at = network.people[post.author], content.instant(post.when, network.now)
        if post.when in asked:
            _write_poll(network, thread, author, post.body, at, asked[post.when])
        else:
            domain.reply(thread, author, post.body, at=at)


def _write_poll(network, thread, author, body, at, text):
    """The question, and what each voice says of it, minute after minute."""

    def instant(written):
        return content.instant(written, network.now)

    choices = [instant(each) for each in text.choices] if text.kind == Poll.Kind.DATES else text.choices
    options = {"text": body, "by_commune": text.by_commune, "at": at}
    poll = polls.open_poll(author, thread, text.question, text.kind, choices, closes_at=instant(text.closes), **options)
    runners = get_user_model().objects.filter(pk__in=access.viewers(thread, action="contribute"))
    for number, (name, said) in enumerate(text.voices.items(), start=1):
        voice = poll.electors.get(name=name)
        by = runners.filter(groups__facilitator_circle=voice.circle_id).first() if text.by_commune else voice.user
        answer, reason = said if isinstance(said, tuple) and isinstance(said[-1], str) else (said, "")
        chosen = [int(index == answer) for index in range(len(poll.choices))]
        marks = list(answer) if isinstance(answer, tuple) else chosen
        polls.vote(poll, by, voice, marks, reason, at=at + number * timedelta(minutes=3))
    if text.outcome:
        polls.close_due()
        review = network.day(text.review)
        polls.say_outcome(poll, author, text.outcome, review, at=instant(text.outcome_at))
