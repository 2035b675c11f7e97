"""What waits for a person's answer, from every plugin: the first thing on the dashboard."""

from dataclasses import dataclass
from datetime import datetime

from wagtail import hooks


@dataclass(frozen=True)
class Todo:
    """Something that asks the person for an answer.

    `due_at` is the moment until which it can be given (it orders the list); `action` is the word of its button, and
    `note` what else to know, in a few words.
    """

    title: str
    url: str
    action: str
    due_at: datetime
    note: str = ""


def todos_for(user):
    """The person's things to do, the most pressing first.

    Plugins give theirs with the hook `register_todos`: a function of the person that returns Todos, read through
    `access`. They count them in the frame with a NavEntry of the slot "home".
    """
    found = [todo for hook in hooks.get_hooks("register_todos") for todo in hook(user)]
    return sorted(found, key=lambda todo: todo.due_at)
