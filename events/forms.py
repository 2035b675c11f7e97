from datetime import datetime, time, timedelta

from django import forms
from django.db.models import Case, Value, When
from django.utils import timezone

from extranet.circles import access
from extranet.circles.models import Circle

from . import recurrence
from .models import Kind

HOURS = ["%H:%M", "%H:%M:%S", "%Hh%M", "%H h %M", "%Hh", "%H h"]
BLANK_ITEMS = 4


class DayField(forms.DateField):
    """A day, in the browser's own calendar; typed as 31/12/2026 where there is none."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)
        self.error_messages["invalid"] = "Cette date n’existe pas\u202f: écrivez-la comme 31/12/2026."


class HourField(forms.TimeField):
    """An hour, in the browser's own clock; typed as 9:30 or 9 h 30 where there is none."""

    def __init__(self, **kwargs):
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(widget=widget, input_formats=HOURS, **kwargs)
        self.error_messages["invalid"] = "Cette heure n’existe pas\u202f: écrivez-la comme 9:30."

    def to_python(self, value):
        return super().to_python(value.replace("\u00a0", " ") if isinstance(value, str) else value)


def _largest_first(circle_ids):
    """These circles as one thinks of them: everybody, quadrants, commissions, groups, communes."""
    place = Case(*(When(kind=kind, then=Value(n)) for n, kind in enumerate(Circle.Kind)))
    return Circle.objects.filter(pk__in=circle_ids).order_by(place, "name")


class MeetingForm(forms.Form):
    """What meetings and series have in common: what, for whom, where."""

    title = forms.CharField(label="Intitulé", max_length=200)
    kind = forms.ChoiceField(label="Nature", choices=Kind.choices)
    home = forms.ModelChoiceField(label="Groupe qui se réunit", queryset=Circle.objects.none(), empty_label=None)
    circles = forms.ModelMultipleChoiceField(
        label="Inviter aussi",
        queryset=Circle.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    place = forms.CharField(
        label="Lieu", max_length=200, required=False, help_text="Par exemple\u202f: Les Ponts-de-Cé, salle du conseil."
    )
    address = forms.CharField(label="Adresse", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    video_url = forms.URLField(
        label="Lien de visioconférence",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="Montré aux seules personnes inscrites.",
    )
    description = forms.CharField(
        label="Présentation",
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Une ligne vide sépare deux paragraphes, un tiret en début de ligne fait une liste.",
    )
    capacity = forms.IntegerField(
        label="Places sur place", min_value=1, max_value=10_000, required=False, help_text="Vide\u202f: sans limite."
    )

    def __init__(self, *args, user, event=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["home"].queryset = _largest_first(access.circles_of(user, "moderate"))
        shared = _largest_first(access.circles_of(user, "contribute")).exclude(kind=Circle.Kind.COMMUNE)
        if event is not None:  # who was invited stays proposed, and the home circle is for good
            del self.fields["home"]
            shared = shared.exclude(pk=event.home_circle_id)
        self.fields["circles"].queryset = shared

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def audience(self, home):
        """The circles of the meeting, its home circle first."""
        return [home, *(circle for circle in self.cleaned_data["circles"] if circle.pk != home.pk)]

    def audience_of(self, event):
        """The circles of a changed meeting: those chosen here, and those that this person could not choose."""
        proposed = set(self.fields["circles"].queryset.values_list("pk", flat=True))
        kept = Circle.objects.filter(pk__in=event.audience.exclude(circle__in=proposed).values("circle"))
        return self.audience(event.home_circle) + [circle for circle in kept if circle.pk != event.home_circle_id]

    def refuse(self, error):
        """Show a MeetingError on the field it names, or above the form."""
        shown = error.field in self.fields and not self[error.field].is_hidden
        self.add_error(error.field if shown else None, str(error))

    def details(self, *names):
        """The cleaned values of these fields, as `domain` takes them."""
        return {name: self.cleaned_data[name] for name in names}


class EventForm(MeetingForm):
    """One meeting, new or changed."""

    day = DayField(label="Date")
    starts = HourField(label="De")
    ends = HourField(label="À")
    last_day = DayField(label="Dernier jour, s’il y en a plusieurs", required=False)
    sequence = forms.IntegerField(widget=forms.HiddenInput, required=False)
    closes_on = DayField(label="Répondre au plus tard le", required=False)

    field_order = ["title", "kind", "home", "circles", "day", "starts", "ends", "last_day", "closes_on"]

    def clean(self):
        data = super().clean()
        if not {"day", "starts", "ends"} <= data.keys():
            return data
        data["starts_at"] = self._moment("starts", data["day"], data["starts"])
        data["ends_at"] = self._moment("ends", data.get("last_day") or data["day"], data["ends"])
        closes_on = data.get("closes_on")
        data["closes_at"] = recurrence.moment(closes_on + timedelta(days=1), time.min) if closes_on else None
        if data["starts_at"] and data["ends_at"]:
            self._check_order(data)
        return data

    def _check_order(self, data):
        if data["ends_at"] <= data["starts_at"]:
            field = "last_day" if data.get("last_day") and data["last_day"] < data["day"] else "ends"
            self.add_error(field, "La fin doit venir après le début.")
        elif data["closes_at"] and data["closes_on"] > timezone.localtime(data["ends_at"]).date():
            self.add_error("closes_on", "Cette date vient après la rencontre.")
        elif data["closes_at"]:
            data["closes_at"] = min(data["closes_at"], data["ends_at"])

    def _moment(self, field, day, hour):
        try:
            return recurrence.moment(day, hour)
        except recurrence.NoSuchHour as error:
            self.add_error(field, str(error))
            return None

    def details(self):
        return super().details(
            "title",
            "kind",
            "starts_at",
            "ends_at",
            "place",
            "address",
            "video_url",
            "description",
            "capacity",
            "closes_at",
        )


class SeriesForm(MeetingForm):
    """Meetings that come back: the first Tuesday of each month, every other Thursday."""

    MONTHLY, WEEKLY = "monthly", "weekly"
    pattern = forms.ChoiceField(
        label="Revient",
        choices=[(MONTHLY, "Chaque mois"), (WEEKLY, "Chaque semaine, ou une semaine sur deux, trois…")],
        widget=forms.RadioSelect,
        initial=MONTHLY,
    )
    ordinal = forms.TypedChoiceField(
        label="Chaque mois, le", choices=list(recurrence.ORDINALS.items()), coerce=int, required=False, empty_value=1
    )
    every = forms.IntegerField(label="Toutes les … semaines", min_value=1, max_value=12, initial=1, required=False)
    weekday = forms.TypedChoiceField(label="Jour", choices=list(enumerate(recurrence.DAYS)), coerce=int, initial=1)
    skipped = forms.TypedMultipleChoiceField(
        label="Sauf en",
        choices=list(enumerate(recurrence.MONTHS, start=1)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        initial=[8],
    )
    first_on = DayField(label="À partir du")
    ends_on = DayField(label="Jusqu’au", required=False)
    starts = HourField(label="De")
    ends = HourField(label="À")

    field_order = [
        "title", "kind", "home", "circles", "pattern", "ordinal", "every", "weekday", "skipped", "first_on", "ends_on",
        "starts", "ends",
    ]  # fmt: skip

    def clean(self):
        data = super().clean()
        if data.get("ends_on") and data.get("first_on") and data["ends_on"] < data["first_on"]:
            self.add_error("ends_on", "Cette date vient avant le début de la série.")
        if data.get("starts") and data.get("ends"):
            first, last = (datetime.combine(datetime.min, data[name]) for name in ("starts", "ends"))
            data["minutes"] = int((last - first).total_seconds() // 60)
            if data["minutes"] <= 0:
                self.add_error("ends", "La fin doit venir après le début.")
        if "skipped" in data and "weekday" in data:
            self._clean_rule(data)
        return data

    def _clean_rule(self, data):
        try:
            if data.get("pattern") == self.WEEKLY:
                data["rule"] = recurrence.weekly_rule(data.get("every") or 1, data["weekday"], data["skipped"])
            else:
                data["rule"] = recurrence.monthly_rule(data.get("ordinal") or 1, data["weekday"], data["skipped"])
        except recurrence.BadRule as error:
            self.add_error("skipped", str(error))

    def details(self):
        return super().details("title", "kind", "rule", "first_on", "ends_on", "starts", "minutes") | super().details(
            "place", "address", "video_url", "description", "capacity"
        )


class ItemForm(forms.Form):
    """A point of the agenda; an empty title takes it off."""

    title = forms.CharField(label="Point", max_length=200, required=False)
    minutes = forms.IntegerField(label="Minutes", min_value=1, max_value=600, required=False)
    speaker = forms.CharField(label="Intervenant", max_length=120, required=False)

    def clean(self):
        data = super().clean()
        if not data.get("title") and (data.get("minutes") or data.get("speaker")):
            self.add_error("title", "Donnez un intitulé à ce point.")
        return data


ItemFormSet = forms.formset_factory(ItemForm, extra=BLANK_ITEMS, max_num=60, absolute_max=60)


def agenda_of(formset):
    """The points that were filled in, as `domain` takes them."""
    return [form.cleaned_data for form in formset if form.cleaned_data.get("title")]


def initial_of(event):
    """What the form of an existing meeting shows."""
    starts, ends = (timezone.localtime(moment) for moment in (event.starts_at, event.ends_at))
    closes = event.closes_at and timezone.localtime(event.closes_at - timedelta(microseconds=1)).date()
    names = ("sequence", "title", "kind", "place", "address", "video_url", "description", "capacity")
    return {name: getattr(event, name) for name in names} | {
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "last_day": ends.date() if ends.date() != starts.date() else None,
        "closes_on": closes,
        "circles": list(event.audience.values_list("circle", flat=True)),
    }


class CancelForm(forms.Form):
    reason = forms.CharField(
        label="Motif",
        max_length=300,
        help_text="Les personnes invitées le liront.",
        error_messages={"required": "Dites pourquoi\u202f: les personnes invitées le liront."},
    )
