from datetime import datetime, time, timedelta
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from extranet.ui.french import number

from .. import domain as forums
from . import domain, tally
from .models import Poll

SLOTS = 8
OPEN_FOR = timedelta(days=7)
MOMENT = "Cette date n’existe pas\u202f: écrivez-la comme 31/12/2026 18:00."
FORMATS = [
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %Hh%M",
    "%d/%m/%Y %H h %M",
    "%d/%m/%Y %H h",
]


class MomentField(forms.DateTimeField):
    """A day and an hour, in the browser's own calendar; typed as 31/12/2026 18:00 where there is none."""

    def __init__(self, **options):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=FORMATS, **options)
        self.error_messages["invalid"] = MOMENT

    def to_python(self, value):
        return super().to_python(value.replace("\u00a0", " ") if isinstance(value, str) else value)


class PollForm(forms.Form):
    """A question to put to a group."""

    question = forms.CharField(
        label="Question",
        max_length=domain.LONGEST_QUESTION,
        help_text="Une seule, à laquelle les réponses proposées répondent.",
        error_messages={"required": "Écrivez la question."},
    )
    text = forms.CharField(
        label="Présentation",
        required=False,
        max_length=forums.LONGEST_POST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Le contexte, en quelques lignes, au-dessus de la question.",
    )
    kind = forms.ChoiceField(
        label="Forme de la réponse",
        choices=Poll.Kind.choices,
        widget=forms.RadioSelect,
        initial=Poll.Kind.SINGLE,
        error_messages={"required": "Choisissez la forme de la réponse."},
    )
    choices = forms.CharField(
        label="Réponses proposées",
        error_messages={"required": "Proposez au moins deux réponses, une par ligne."},
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Une par ligne, de deux à douze.",
        initial="Favorable\nFavorable avec réserves\nDéfavorable",
    )
    most = forms.IntegerField(
        label="Nombre de réponses au plus",
        required=False,
        min_value=1,
        max_value=domain.MOST_CHOICES,
        help_text="Vide\u202f: autant que l’on veut.",
    )
    by_commune = forms.TypedChoiceField(
        label="Qui répond",
        choices=[("person", "Chaque personne"), ("commune", "Une voix par commune, donnée par sa direction générale")],
        coerce=lambda value: value == "commune",
        widget=forms.RadioSelect,
        initial="person",
        error_messages={"required": "Dites qui répond."},
    )
    secret = forms.TypedChoiceField(
        label="Publicité",
        choices=[
            ("signed", "Réponses signées, visibles au fur et à mesure"),
            (
                "secret",
                "Bulletin secret\u202f: résultat à la clôture, sans les noms, et vote définitif",
            ),
        ],
        coerce=lambda value: value == "secret",
        widget=forms.RadioSelect,
        initial="signed",
        error_messages={"required": "Dites si les réponses sont signées."},
    )
    closes_at = MomentField(
        label="Répondre avant le",
        error_messages={"required": "Donnez la date et l’heure de clôture."},
        help_text="Heure de Paris. Vous pourrez clore plus tôt.",
    )
    quorum = forms.IntegerField(
        label="Quorum",
        required=False,
        min_value=1,
        max_value=10_000,
        help_text="Sans lui, le résultat ne vaut pas avis.",
    )
    quorum_unit = forms.ChoiceField(
        label="Le quorum se compte en",
        choices=[("voices", "réponses"), ("share", "pour cent de ceux qui peuvent répondre")],
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for index in range(1, SLOTS + 1):
            self.fields[f"slot_{index}"] = MomentField(label=f"Date {index}", required=False)
        if self.data.get("kind") in (Poll.Kind.DATES, Poll.Kind.CONSENT):
            self.fields["choices"].required = False

    @classmethod
    def empty(cls):
        """A form to fill in, that closes in a week, with a key of its own."""
        day = timezone.localdate() + OPEN_FOR
        return cls(initial={"key": uuid4(), "closes_at": datetime.combine(day, time(18))})

    @property
    def slots(self):
        """The fields of the dates proposed."""
        return [self[f"slot_{index}"] for index in range(1, SLOTS + 1)]

    def renew(self):
        """Keep what was typed, under a new key: sent again, it is another sending."""
        self.data = self.data.copy()
        self.data["key"] = uuid4()

    def clean_question(self):
        question = forums.clean_title(self.cleaned_data["question"])
        if not question:
            raise ValidationError("Écrivez la question.")
        return question

    def clean_closes_at(self):
        if self.cleaned_data["closes_at"] <= timezone.now():
            raise ValidationError("Cette date est passée\u202f: choisissez-en une à venir.")
        return self.cleaned_data["closes_at"]

    def clean(self):
        data = super().clean()
        kind = data.get("kind")
        data["words"] = []
        if kind == Poll.Kind.DATES:
            data["words"] = sorted({moment for index in range(1, SLOTS + 1) if (moment := data.get(f"slot_{index}"))})
            self._check_number("slot_1", data["words"], "Proposez au moins deux dates.")
        elif kind and kind != Poll.Kind.CONSENT:
            data["words"] = [
                line for each in data.get("choices", "").splitlines() if (line := forums.clean_title(each))
            ]
            self._check_words(data["words"])
        if data.get("quorum_unit") == "share" and (data.get("quorum") or 0) > 100:
            self.add_error("quorum", "Un pourcentage ne dépasse pas 100.")
        return data

    def _check_words(self, words):
        self._check_number("choices", words, "Proposez au moins deux réponses, une par ligne.")
        if len(words) > domain.MOST_CHOICES:
            self.add_error("choices", f"Vous proposez {number(len(words))} réponses\u202f: douze au plus.")
        if any(len(each) > domain.LONGEST_CHOICE for each in words):
            self.add_error(
                "choices", f"Une réponse proposée dépasse {domain.LONGEST_CHOICE} caractères\u202f: raccourcissez-la."
            )
        if len(set(words)) < len(words):
            self.add_error("choices", "Deux réponses proposées sont identiques.")

    def _check_number(self, name, words, error):
        if len(words) < domain.FEWEST_CHOICES and name not in self.errors:
            self.add_error(name, error)

    def options(self):
        """What domain.open_poll takes besides the question, its words and its author."""
        data = self.cleaned_data
        share, multiple = data["quorum_unit"] == "share", data["kind"] == Poll.Kind.MULTIPLE
        return {
            "text": data["text"],
            "by_commune": data["by_commune"],
            "secret": data["secret"],
            "most": data["most"] if multiple else None,
            "quorum": None if share else data["quorum"],
            "quorum_share": data["quorum"] if share else None,
            "closes_at": data["closes_at"],
            "key": data["key"],
        }


class VoteForm(forms.Form):
    """What one voice says. Its controls are drawn by polls/ballot.html, for each choice stands beside its count."""

    def __init__(self, data, poll, voices, labels):
        super().__init__(data)
        self.poll, self.voices, self.labels = poll, {str(voice.pk): voice for voice in voices}, labels

    @property
    def typed(self):
        """{choice: the value of its control} as it was sent, right or wrong."""
        if self.poll.kind in (Poll.Kind.RANKED, Poll.Kind.DATES):
            return {index: self.data.get(f"choice_{index}", "") for index in range(len(self.labels))}
        chosen = self.data.getlist("choice")
        return {index: "1" if str(index) in chosen else "0" for index in range(len(self.labels))}

    def clean(self):
        data = super().clean()
        data["voice"] = self._voice()
        data["marks"] = self._marks()
        data["reason"] = self.data.get("reason", "").replace("\x00", "").strip()
        if len(data["reason"]) > domain.LONGEST_REASON:
            raise ValidationError(f"Votre motif dépasse {domain.LONGEST_REASON} caractères\u202f: raccourcissez-le.")
        if self.poll.kind == Poll.Kind.CONSENT and data["marks"][1] and not data["reason"]:
            raise ValidationError("Dites pourquoi\u202f: une objection est motivée.")
        return data

    def _voice(self):
        """The voice named, or the only one; nothing for a voice that is not hers."""
        only = next(iter(self.voices)) if len(self.voices) == 1 else ""
        voice = self.voices.get(self.data.get("voice", only))
        if voice is None:
            raise ValidationError("Choisissez la commune pour laquelle vous répondez.")
        return voice

    def _marks(self):
        values = [self.typed[index] for index in range(len(self.labels))]
        kind = self.poll.kind
        if kind == Poll.Kind.RANKED:
            if sorted(values) != sorted(str(rank) for rank in range(1, len(values) + 1)):
                raise ValidationError("Donnez à chaque réponse un rang différent.")
            return tally.points_of_ranking([int(value) for value in values])
        if kind == Poll.Kind.DATES:
            if not set(values) <= {"0", "1", "2"}:
                raise ValidationError("Répondez pour chaque date\u202f: oui, si besoin ou non.")
            return [int(value) for value in values]
        chosen = values.count("1")
        if not chosen or (kind != Poll.Kind.MULTIPLE and chosen > 1):
            raise ValidationError("Choisissez une réponse.")
        if self.poll.most and chosen > self.poll.most:
            raise ValidationError(f"Choisissez {number(self.poll.most)} réponses au plus.")
        return [int(value) for value in values]


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label="Suite donnée",
        max_length=domain.LONGEST_OUTCOME,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Ce qui est retenu, ce qui est écarté, et qui fait quoi.",
        error_messages={"required": "Écrivez la suite donnée à cette question."},
    )
    review_on = forms.DateField(
        label="À revoir le",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Cette date n’existe pas\u202f: écrivez-la comme 31/12/2026."},
    )
