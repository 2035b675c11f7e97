from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from extranet.circles import access
from extranet.circles.models import Circle
from extranet.files.checks import ACCEPTED, MIMES, Refused, inspect
from extranet.ui import markdown

from .models import FileVersion, Resource, Theme

FILE, SHEET, LINK = "fichier", "fiche", "lien"
KINDS = {
    FILE: [kind for kind in Resource.Kind if kind not in {Resource.Kind.SHEET, Resource.Kind.LINK}],
    SHEET: [Resource.Kind.SHEET, Resource.Kind.FEEDBACK, Resource.Kind.REPORT],
    LINK: [Resource.Kind.LINK],
}
OUTLINE = "# Base légale\n\n\n# Méthode\n\n1. \n\n# Coût\n\n\n# Moyens humains\n\n\n# Exemples\n\n- \n"


class UploadField(forms.FileField):
    """A file that the library takes; its cleaned value has been inspected."""

    default_error_messages = {"empty": "Ce fichier est vide.", "required": "Choisissez un fichier."}

    def __init__(self, **kwargs):
        help_text = f"{ACCEPTED}. 50 Mo au plus."
        super().__init__(help_text=help_text, **kwargs)
        self.widget.attrs["accept"] = ",".join(f".{extension}" for extension in MIMES)

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if file:
            try:
                file.inspected = inspect(file)
            except Refused as reason:
                raise forms.ValidationError(str(reason)) from reason
        return file


class ResourceForm(forms.ModelForm):
    """What is said of a resource. `what` it is (a file, a sheet, a link) chooses the fields."""

    circles = forms.ModelMultipleChoiceField(
        queryset=None,
        label="Qui la voit",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un groupe\u202f: personne d’autre ne verra cette ressource."},
    )
    file = UploadField(label="Fichier")
    link = forms.URLField(label="Adresse du site", assume_scheme="https", max_length=500)
    anyway = forms.BooleanField(label="L’ajouter quand même", required=False, widget=forms.HiddenInput)

    class Meta:
        model = Resource
        fields = [
            "title", "kind", "theme", "cooperation_form", "summary", "body", "link", "legal_references", "valid_until",
        ]  # fmt: skip
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            "body": forms.Textarea(attrs={"rows": 18}),
            "legal_references": forms.Textarea(attrs={"rows": 3}),
            "valid_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "summary": "Une ou deux phrases\u202f: elles paraissent dans les listes.",
            "body": "Un titre par partie, précédé de #. Listes avec - ou 1., **gras**, tableaux avec |.",
            "legal_references": "Une par ligne\u202f: article, loi, décret.",
        }

    field_order = ["file", "link", "title", "kind", "theme", "cooperation_form", "summary", "body"]

    def __init__(self, *args, user, what, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.what = user, what
        fields = self.fields
        if self.instance.pk or what != FILE:
            del fields["file"], fields["anyway"]
        for name, kept in (("body", what == SHEET), ("link", what == LINK)):
            if kept:
                fields[name].required = True
            else:
                del fields[name]
        kinds = KINDS[what]
        fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        if len(kinds) == 1:
            fields["kind"].initial, fields["kind"].widget = kinds[0], forms.HiddenInput()
        if what == SHEET and not self.instance.pk:
            fields["body"].initial = OUTLINE
        fields["theme"].queryset = Theme.objects.all()
        fields["theme"].empty_label = "Choisir un thème"
        fields["cooperation_form"].choices = [("", "Aucune en particulier"), *Resource.Form.choices]
        fields["circles"].queryset = self._circles()

    def _circles(self):
        mine = access.circles_of(self.user, "contribute")
        if self.instance.pk:  # what is already shared with others stays so, without naming them
            mine = mine | {self.instance.home_circle_id}
        return Circle.objects.filter(pk__in=mine).order_by("name")

    def clean_body(self):
        body = self.cleaned_data["body"]
        try:
            markdown.render(body)
        except ValueError as reason:
            raise forms.ValidationError(str(reason)) from reason
        return body

    def clean(self):
        cleaned = super().clean()
        file = cleaned.get("file")
        if file and not self.data.get("anyway"):
            self._refuse_duplicate(file)
        return cleaned

    def _refuse_duplicate(self, file):
        """The same file stands already where the person may see it: say where, and let her decide."""
        versions = FileVersion.objects.filter(sha256=file.inspected.sha256).values("resource")
        same = list(access.visible_to(self.user, Resource.objects.filter(pk__in=versions, archived_at=None))[:3])
        if same:
            links = format_html_join(", ", '<a href="{}">{}</a>', ((each.get_absolute_url(), each) for each in same))
            where = format_html("Ce fichier est déjà dans la bibliothèque\u202f: {}. ", links)
            self.add_error(
                "file", mark_safe(where + "Pour l’ajouter quand même, choisissez-le de nouveau et cochez la case.")
            )
            self.fields["anyway"].widget = forms.CheckboxInput()

    def details(self):
        """What domain.add_resource and domain.change take besides the circles and the file."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.Meta.fields}


class VersionForm(forms.Form):
    """A new version of a resource's file."""

    file = UploadField(label="Nouveau fichier")
    reason = forms.CharField(
        label="Ce qui change", max_length=200, help_text="Par exemple\u202f: coûts 2026 mis à jour."
    )
