import uuid

from django import forms
from django.core.exceptions import ValidationError

from extranet.circles import access
from extranet.circles.models import Circle
from extranet.ui.french import number

from . import domain


class PostText(forms.CharField):
    """The text of a message. The browser is not told the longest length: it would cut what is pasted without a word."""

    def __init__(self, **options):
        options.setdefault("error_messages", {"required": "Écrivez votre message avant de le publier."})
        super().__init__(widget=forms.Textarea(attrs={"rows": 5}), **options)

    def to_python(self, value):
        return super().to_python((value or "").replace("\r\n", "\n").replace("\r", "\n"))

    def validate(self, value):
        super().validate(value)
        if len(value) > domain.LONGEST_POST:
            raise ValidationError(
                f"Ce message compte {number(len(value))} caractères\u202f: la limite est de"
                f" {number(domain.LONGEST_POST)}. Raccourcissez-le, ou publiez-le en deux fois."
            )


class SendingForm(forms.Form):
    """What is sent once: the browser's key makes a second sending harmless."""

    body = PostText(label="Votre message")
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    @classmethod
    def empty(cls, **initial):
        """A form to fill in, with a key of its own."""
        return cls(initial={"key": uuid.uuid4(), **initial})

    def renew(self):
        """Keep what was typed, under a new key: published again, it is another sending."""
        self.data = self.data.copy()
        self.data["key"] = uuid.uuid4()


class ReplyForm(SendingForm):
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class ThreadForm(SendingForm):
    title = forms.CharField(
        label="Titre",
        max_length=domain.LONGEST_TITLE,
        help_text="Une question ou un sujet, comme l’objet d’un courriel.",
        error_messages={"required": "Donnez un titre à la discussion."},
    )
    circles = forms.TypedMultipleChoiceField(
        label="Destinataires",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un groupe\u202f: ses membres liront la discussion."},
    )
    field_order = ["title", "circles", "body", "key"]

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        mine = access.rights_of(user).circles
        allowed = sorted(
            (mine[pk] for pk in access.circles_of(user, "contribute") if pk in mine),
            key=lambda circle: (KINDS.index(circle.kind), circle.name),
        )
        self.fields["circles"].choices = [(circle.pk, circle.name) for circle in allowed]
        self.fields["body"].widget.attrs["rows"] = 10

    @classmethod
    def empty(cls, *, user, **initial):
        return cls(initial={"key": uuid.uuid4(), **initial}, user=user)

    def clean_title(self):
        return domain.clean_title(self.cleaned_data["title"])


KINDS = [Circle.Kind.GROUP, Circle.Kind.COMMISSION, Circle.Kind.QUADRANT, Circle.Kind.EVERYONE, Circle.Kind.COMMUNE]


class EditForm(forms.Form):
    body = PostText(label="Votre message")


class RemovalForm(forms.Form):
    reason = forms.CharField(
        label="Motif",
        max_length=300,
        help_text="Il sera affiché à la place du message.",
        error_messages={"required": "Indiquez pourquoi ce message est retiré."},
    )
