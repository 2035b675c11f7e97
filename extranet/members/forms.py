from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth import password_validation
from django.utils import timezone

from extranet.circles import access
from extranet.circles.models import Circle, Commune, Function
from extranet.ui.tables import read_table

from . import columns

GUESTS = (Function.GUEST, Function.PARTNER)
PHRASE_HINT = "Quinze caractères au moins\u202f: une phrase que vous retiendrez convient très bien."


# Signing in ---------------------------------------------------------------------------------------------------------
class FrenchLabels:
    """Allauth's forms in our words: a label above each field, nothing written inside it."""

    words = {
        "login": "Adresse électronique professionnelle",
        "email": "Adresse électronique professionnelle",
        "password": "Mot de passe",
        "oldpassword": "Mot de passe actuel",
        "password1": "Nouveau mot de passe",
        "password2": "Le même, une seconde fois",
        "code": "Code reçu par courriel",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.words.get(name, field.label)
            field.help_text = PHRASE_HINT if name == "password1" else ""
            field.widget.attrs.pop("placeholder", None)


class LoginForm(FrenchLabels, allauth_forms.LoginForm):
    """Sign in with an address and a password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def clean(self):
        """What does not go together is said under the password, where it is typed again."""
        try:
            return super().clean()
        except forms.ValidationError as error:
            self.add_error("password", error)
            return self.cleaned_data


class RequestLoginCodeForm(FrenchLabels, allauth_forms.RequestLoginCodeForm):
    """Ask for a code by mail."""


class ConfirmLoginCodeForm(FrenchLabels, allauth_forms.ConfirmLoginCodeForm):
    """Type the code received."""


class ResetPasswordForm(FrenchLabels, allauth_forms.ResetPasswordForm):
    """Ask for a link to choose another password."""


class ResetPasswordKeyForm(FrenchLabels, allauth_forms.ResetPasswordKeyForm):
    """Choose another password, from the link."""


class ChangePasswordForm(FrenchLabels, allauth_forms.ChangePasswordForm):
    """Change one's password."""


class SetPasswordForm(FrenchLabels, allauth_forms.SetPasswordForm):
    """Choose a password for the first time."""


class ReauthenticateForm(FrenchLabels, allauth_forms.ReauthenticateForm):
    """Type one's password again."""


# People -------------------------------------------------------------------------------------------------------------
class AcceptForm(forms.Form):
    """The password of an invited person, checked by the site's validators."""

    password = forms.CharField(
        label="Votre mot de passe",
        strip=False,
        help_text=PHRASE_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Le même, une seconde fois",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self):
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self.user)
        return password

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("password") and cleaned.get("again") and cleaned["password"] != cleaned["again"]:
            self.add_error("again", "Les deux mots de passe diffèrent.")
        return cleaned


class PhoneField(forms.CharField):
    """A phone number, written the French way when it is a French one."""

    def __init__(self, **kwargs):
        attrs = {"autocomplete": "tel", "type": "tel"}
        super().__init__(label="Téléphone", max_length=30, required=False, widget=forms.TextInput(attrs), **kwargs)

    def clean(self, value):
        try:
            return columns.phone(super().clean(value))
        except ValueError as error:
            raise forms.ValidationError(f"{str(error)[0].upper()}{str(error)[1:]}.") from None


class ProfileForm(forms.Form):
    """What a person says of herself in the directory."""

    first_name = forms.CharField(label="Prénom", max_length=150, widget=forms.TextInput({"autocomplete": "given-name"}))
    last_name = forms.CharField(label="Nom", max_length=150, widget=forms.TextInput({"autocomplete": "family-name"}))
    phone = PhoneField()
    themes = forms.CharField(
        label="Sujets sur lesquels on peut vous interroger",
        help_text="Par exemple\u202f: marchés publics, fusion de syndicats, logiciel de paie.",
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


def day_field(label, **kwargs):
    return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}), **kwargs)


class InvitationForm(forms.Form):
    """Whom to invite, as what, where: the communes and groups that the person who invites runs, and no other."""

    first_name = forms.CharField(label="Prénom", max_length=150)
    last_name = forms.CharField(label="Nom", max_length=150)
    email = forms.EmailField(label="Adresse électronique professionnelle", max_length=columns.LONGEST_EMAIL)
    phone = PhoneField()
    function = forms.ChoiceField(label="Fonction")
    commune = forms.ModelChoiceField(label="Commune", queryset=Commune.objects.none(), required=False)
    circle = forms.ModelChoiceField(
        label="Groupe",
        queryset=Circle.objects.none(),
        required=False,
        help_text="Pour un expert invité ou un partenaire\u202f: le seul groupe qui lui sera ouvert.",
    )
    starts_on = day_field("À partir du", help_text="Laissez vide pour aujourd’hui.")
    ends_on = day_field("Jusqu’au", help_text="Laissez vide si aucune fin n’est prévue.")

    def __init__(self, *args, user, territory, administers, **kwargs):
        super().__init__(*args, **kwargs)
        self.administers = administers
        runs = access.circles_of(user, "moderate")
        self.fields["commune"].queryset = communes = Commune.objects.filter(territory=territory, circle__in=runs)
        kinds = [Circle.Kind.GROUP, Circle.Kind.COMMISSION]
        groups = Circle.objects.filter(territory=territory, pk__in=runs, kind__in=kinds).order_by("name")
        self.fields["circle"].queryset = groups
        found, has_group = list(communes[:2]), groups.exists()
        has_commune = bool(found)
        commune, group = self.fields["commune"], self.fields["circle"]
        # The authority's own staff have no commune; whoever runs communes and no group always chooses one.
        commune.empty_label = f"Aucune ({territory.name})" if administers else "Choisir"
        commune.required = not administers and not has_group
        if commune.required and len(found) == 1:  # nothing to choose
            commune.empty_label = None
        group.empty_label = "Choisir"
        self.fields["function"].choices = [
            (function.value, function.label)
            for function in Function
            if (has_group if function in GUESTS else administers or has_commune)
            and (administers or function != Function.ADMINISTRATOR)
        ]
        if not has_group:
            del self.fields["circle"]
        if not has_commune and not administers:
            del self.fields["commune"]

    def clean(self):
        cleaned = super().clean()
        function = cleaned.get("function")
        if function in GUESTS:
            cleaned["commune"] = None
            self._need("circle", "Choisissez le groupe qui sera ouvert à cette personne.")
            self._need("ends_on", "Un expert invité ou un partenaire l’est jusqu’à une date\u202f: indiquez-la.")
        elif function:
            cleaned["circle"] = None
            if function == Function.ADMINISTRATOR:
                cleaned["commune"] = None
            elif not self.administers or function == Function.ELECTED:
                self._need("commune", "Choisissez la commune.")
        self._check_days()
        return cleaned

    def _need(self, name, message):
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, message)

    def _check_days(self):
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if ends_on and ends_on < (starts_on or timezone.localdate()):
            self.add_error("ends_on", "La date de fin précède le début de la fonction.")


class ImportForm(forms.Form):
    """The list of people to bring in."""

    file = forms.FileField(
        label="Fichier",
        help_text="CSV ou XLSX, 20\u00a0Mo et 20\u202f000 lignes au plus.",
        widget=forms.FileInput({"accept": ".csv,.xlsx"}),
    )

    def clean_file(self):
        """The rows of the table, read."""
        try:
            rows = read_table(self.cleaned_data["file"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None
        if not rows:
            raise forms.ValidationError("Ce tableau n’a aucune ligne sous celle des colonnes.")
        return rows
