"""What is: resources, their themes, and the immutable versions of their files."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from extranet.circles.models import Shared
from extranet.files.storage import place, private_files


def random_place(version, filename):
    """A name that tells nothing, whatever the file was called."""
    return place("library")


class Theme(models.Model):
    """What a resource is about: the same list for every territory."""

    slug = models.SlugField("adresse", max_length=60, unique=True)
    label = models.CharField("nom", max_length=80)
    order = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "thème"
        ordering = ["order", "label"]

    def __str__(self):
        return self.label


class Resource(Shared):
    """An entry of the shared library: a written sheet, files with their versions, or a link."""

    class Kind(models.TextChoices):
        SHEET = "fiche", "Fiche pratique"
        MODEL = "modele", "Convention et modèle"
        DELIBERATION = "deliberation", "Délibération"
        REPORT = "rapport", "Compte rendu et rapport"
        FEEDBACK = "retour", "Retour d’expérience"
        DOCUMENT = "document", "Document"
        LINK = "lien", "Lien"

    class Form(models.TextChoices):
        """The forms of cooperation, by rising integration (docs: GLOSSARY)."""

        COORDINATED = "1", "1. Action coordonnée"
        PROVISION = "2", "2. Mise à disposition d’un service ou de moyens"
        OWN_MEANS = "2b", "2 bis. Mise à disposition de ses propres moyens"
        SHARED_SERVICE = "3", "3. Service commun"
        TRANSFER = "4", "4. Transfert de compétence"

    kind = models.CharField("nature", max_length=12, choices=Kind.choices)
    title = models.CharField("titre", max_length=200)
    summary = models.TextField("résumé", max_length=600, blank=True)
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", verbose_name="thème")
    cooperation_form = models.CharField("forme de coopération", max_length=2, choices=Form.choices, blank=True)
    body = models.TextField("texte", blank=True)
    html = models.TextField(blank=True, editable=False)
    link = models.URLField("adresse du site", max_length=500, blank=True)
    legal_references = models.TextField("références juridiques", blank=True)
    valid_until = models.DateField("à relire avant le", null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="auteur"
    )
    author_label = models.CharField("fonction de l’auteur", max_length=160, blank=True)
    created_at = models.DateTimeField("ajoutée le", default=timezone.now)
    updated_at = models.DateTimeField("mise à jour le", default=timezone.now)
    archived_at = models.DateTimeField("archivée le", null=True, blank=True)

    class Meta:
        verbose_name = "ressource"

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("library:resource", args=[self.pk])

    @property
    def place(self):
        """Where its author worked: the last words of « DGS, Bouchemaine »."""
        return self.author_label.rpartition(", ")[2]

    @property
    def to_be_reviewed(self):
        return self.valid_until is not None and self.valid_until < timezone.localdate()


class FileVersion(models.Model):
    """An immutable file of a resource. Only the state of its text moves, as the worker reads it."""

    class TextState(models.TextChoices):
        WAITING = "waiting", "lecture en attente"
        DONE = "done", "texte lu"
        FAILED = "failed", "texte non lu"

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField("numéro")
    file = models.FileField(storage=private_files, upload_to=random_place, max_length=120)
    name = models.CharField("nom du fichier", max_length=200)
    size = models.PositiveBigIntegerField("taille")  # octets
    sha256 = models.CharField("empreinte", max_length=64, db_index=True)
    mime = models.CharField("type", max_length=100)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="auteur"
    )
    reason = models.CharField("motif", max_length=200, blank=True)
    created_at = models.DateTimeField("déposée le", default=timezone.now)

    text = models.TextField("texte lu", blank=True)  # pages are parted by form feeds
    pages = models.PositiveIntegerField("nombre de pages", null=True)
    text_state = models.CharField("état du texte", max_length=8, choices=TextState.choices, default=TextState.WAITING)
    text_error = models.CharField("motif d’échec", max_length=200, blank=True)

    class Meta:
        verbose_name = "version"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["resource", "number"], name="one_file_per_number")]
        indexes = [models.Index(fields=["author", "created_at"], name="files_of_a_day")]

    def __str__(self):
        return f"{self.name}, version {self.number}"

    def get_absolute_url(self):
        return reverse("library:download", args=[self.resource_id, self.number, self.name])

    @property
    def extension(self):
        return self.name.rpartition(".")[2].lower()

    @property
    def icon(self):
        return "tableur" if self.extension in {"xlsx", "ods", "csv"} else "document"

    @property
    def format(self):
        """What the file is, as members say."""
        return FORMATS.get(self.extension, self.extension.upper())


FORMATS = {
    "pdf": "PDF",
    "docx": "Document Word",
    "odt": "Document texte",
    "xlsx": "Tableur Excel",
    "ods": "Tableur",
    "pptx": "Présentation PowerPoint",
    "odp": "Présentation",
    "png": "Image",
    "jpg": "Image",
    "jpeg": "Image",
    "txt": "Texte",
    "csv": "Tableau CSV",
}
