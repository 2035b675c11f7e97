from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q

from . import access
from .models import Circle, Membership


class PersonField(forms.ModelChoiceField):
    """A choice among people the user may see, by name."""

    def label_from_instance(self, person):
        return f"{person.get_full_name()} ({person.email})"


class CircleForm(forms.ModelForm):
    """What a circle is for: its facilitators edit it, administrators open new groups with it."""

    pilot = PersonField(queryset=None, required=False, label="Pilote")
    rapporteur = PersonField(queryset=None, required=False, label="Rapporteur")

    class Meta:
        model = Circle
        fields = ["mission", "deliverables", "due_on", "pilot", "rapporteur"]
        widgets = {
            "mission": forms.Textarea(attrs={"rows": 6}),
            "deliverables": forms.Textarea(attrs={"rows": 3}),
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        people = access.visible_to(user, get_user_model().objects.order_by("last_name", "first_name"))
        for name in ("pilot", "rapporteur"):
            self.fields[name].queryset = people
            self.fields[name].empty_label = "Personne pour l’instant"


class NewCircleForm(CircleForm):
    """A new working group or commission; a commission takes the communes that its rule selects."""

    KINDS = [(Circle.Kind.GROUP, Circle.Kind.GROUP.label), (Circle.Kind.COMMISSION, Circle.Kind.COMMISSION.label)]
    kind = forms.ChoiceField(label="Nature", choices=KINDS, widget=forms.RadioSelect, initial=Circle.Kind.GROUP)

    class Meta(CircleForm.Meta):
        fields = ["kind", "name", *CircleForm.Meta.fields, "population_under", "outside_polarities"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == Circle.Kind.COMMISSION and not cleaned.get("population_under"):
            self.add_error("population_under", "Indiquez le seuil de population de la commission.")
        return cleaned


class MembershipForm(forms.Form):
    """Name someone to a circle, in a role."""

    person = PersonField(queryset=None, label="Personne", empty_label="Choisir")
    role = forms.ChoiceField(label="Rôle", choices=Membership.Role.choices, initial=Membership.Role.MEMBER)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        people = get_user_model().objects.order_by("last_name", "first_name")
        self.fields["person"].queryset = access.visible_to(user, people)


class ObserverForm(forms.Form):
    """A commune, or another circle that the user sees, whose members may read this one. Other circles' names are
    nobody's business."""

    observer = forms.ModelChoiceField(queryset=None, label="Commune ou groupe", empty_label="Choisir")

    def __init__(self, *args, circle, user, **kwargs):
        super().__init__(*args, **kwargs)
        known = Q(kind=Circle.Kind.COMMUNE) | Q(pk__in=access.circles_of(user))
        others = Circle.objects.filter(known, territory=circle.territory_id).exclude(pk=circle.pk)
        self.fields["observer"].queryset = others.exclude(pk__in=access.observers_of(circle)).order_by("kind", "name")


class EndMandateForm(forms.Form):
    """The last day of a function; empty: it ends at once."""

    last_day = forms.DateField(
        label="Dernier jour",
        required=False,
        help_text="Laissez vide pour mettre fin à la fonction dès maintenant.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args, mandate, **kwargs):
        super().__init__(*args, **kwargs)
        self.mandate = mandate

    def clean_last_day(self):
        day = self.cleaned_data["last_day"]
        if day and day < self.mandate.starts_on:
            raise forms.ValidationError("Le dernier jour précède le premier : vérifiez la date.")
        return day
