"""Which messages make one discussion: by what they answer to, else by their subject. Pure."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from . import words

NEAR = timedelta(days=30)


@dataclass
class Group:
    """The messages of one discussion in order, and the thread of the site that they continue, if any."""

    heads: list = field(default_factory=list)
    thread_id: int | None = None

    @property
    def title(self):
        first = self.heads[0]
        if not first.discussion:
            return words.title(first.subject)
        return first.subject.removeprefix("Re: ") if first.parents else first.subject


class _Sets:
    """Names that belong together (union-find)."""

    def __init__(self):
        self.above = {}

    def find(self, name):
        root = name
        while self.above.setdefault(root, root) != root:
            root = self.above[root]
        while self.above[name] != root:
            self.above[name], name = root, self.above[name]
        return root

    def join(self, name, other):
        self.above[self.find(name)] = self.find(other)


def group(heads, known):
    """The Groups of `heads`, the oldest first.

    Arguments:
        known: {message id: thread id}, what earlier imports wrote. A message that answers one of these continues
            its thread.

    A message that names nothing it answers to, and whose subject says that it answers, joins the discussion of the
    same subject whose last message is at most 30 days older.
    """
    sets = _Sets()
    for head in heads:
        for parent in (f"discussion {head.discussion}",) if head.discussion else head.parents:
            sets.join(head.id, parent)
    threads = {sets.find(name): thread_id for name, thread_id in known.items() if name in sets.above}
    found = defaultdict(Group)
    for head in sorted(heads, key=lambda head: (head.at, head.number)):
        root = sets.find(head.id)
        found[root].heads.append(head)
        found[root].thread_id = threads.get(root)
    for each in found.values():
        if each.heads[0].discussion:
            each.heads.sort(key=lambda head: head.number)
    return _joined_by_subject(list(found.values()))


def _joined_by_subject(groups):
    kept, latest = [], {}
    for each in sorted(groups, key=lambda each: (each.heads[0].at, each.heads[0].number)):
        first = each.heads[0]
        subject = words.same_subject(first.subject)
        earlier = latest.get(subject)
        orphan = not (first.discussion or each.thread_id) and words.is_answer(first.subject) and subject
        if orphan and earlier and first.at - max(head.at for head in earlier.heads) <= NEAR:
            earlier.heads = sorted([*earlier.heads, *each.heads], key=lambda head: (head.at, head.number))
            continue
        kept.append(each)
        if not first.discussion:
            latest[subject] = each
    return kept
