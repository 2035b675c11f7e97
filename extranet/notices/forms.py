from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError

from extranet.circles import access

from . import kinds
from .deciding import within
from .models import Channel, Choice, Frequency, Level, Preferences

CHANNELS = [(channel.value, channel.label) for channel in Channel]
DAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
HOURS = [(hour, f"{hour}\u00a0h") for hour in range(24)]


class WatchForm(forms.Form):
    """How closely to follow a circle or a thing; empty: as its circles."""

    level = forms.TypedChoiceField(
        choices=[("", ""), *Level.choices], coerce=lambda value: Level(int(value)), required=False, empty_value=None
    )


class ChannelsForm(forms.Form):
    """The table of kinds × channels: one field a kind."""

    def __init__(self, data=None, *, user):
        super().__init__(data)
        chosen = dict(Choice.objects.filter(user=user).values_list("kind", "channel"))
        for kind in kinds.registered().values():
            self.fields[kind.name] = forms.ChoiceField(
                label=kind.label,
                choices=CHANNELS,
                initial=chosen.get(kind.name, kind.channel),
                widget=forms.RadioSelect,
                error_messages={"required": "Choisissez comment recevoir ceci."},
            )


class PreferencesForm(forms.ModelForm):
    """When mail may come, and who stands in during an absence."""

    digest_hour = forms.TypedChoiceField(label="À quelle heure", choices=HOURS, coerce=int)
    digest_day = forms.TypedChoiceField(
        label="Quel jour", choices=list(enumerate(DAYS)), coerce=int, help_text="Pour un récapitulatif par semaine."
    )

    class Meta:
        model = Preferences
        fields = [
            "digest", "digest_hour", "digest_day", "quiet_from", "quiet_until", "away_from", "away_until", "substitute",
        ]  # fmt: skip
        labels = {
            "digest": "Le récapitulatif",
            "quiet_from": "À partir de",
            "quiet_until": "Jusqu’à",
            "away_from": "Premier jour",
            "away_until": "Dernier jour",
            "substitute": "Qui me remplace",
        }
        widgets = {
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_until": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "away_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "away_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "substitute": "Cette personne reçoit copie de vos courriels, pour ce qu’elle a elle-même le droit de lire."
        }

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        people = access.visible_to(user, get_user_model().objects.exclude(pk=user.pk))
        self.fields["substitute"].queryset = people.order_by("last_name", "first_name", "pk")
        self.fields["substitute"].empty_label = "Personne"
        self.fields["substitute"].label_from_instance = lambda person: person.get_full_name() or person.email

    def clean(self):
        data = super().clean()
        both(self, "quiet_from", "quiet_until", "Donnez les deux heures, ou aucune.")
        both(self, "away_from", "away_until", "Donnez les deux jours, ou aucun.")
        first, last = data.get("away_from"), data.get("away_until")
        if first and last and last < first:
            self.add_error("away_until", "Le dernier jour vient avant le premier.")
        start, end, hour = data.get("quiet_from"), data.get("quiet_until"), data.get("digest_hour")
        asleep = start and end and hour is not None and within(start.replace(hour=hour, minute=0), start, end)
        if asleep and data.get("digest") != Frequency.NEVER:
            self.add_error("digest_hour", "Cette heure est dans votre plage de silence.")
        return data


def both(form, one, other, message):
    """Two fields go together: the one that is missing says so."""
    given = {name for name in (one, other) if form.cleaned_data.get(name)}
    for name in {one, other} - given - set(form.errors) if given else ():
        form.add_error(name, ValidationError(message))
