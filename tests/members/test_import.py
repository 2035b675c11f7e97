"""Lists of people: all or nothing, every wrong line named, never doubled."""

import io
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from extranet.circles import access
from extranet.circles.models import Function, Mandate
from extranet.members import columns, domain
from extranet.members.domain.imports import CHANGED, CREATED, ERROR, UNCHANGED
from extranet.members.models import Invitation, Profile
from extranet.ui.tables import read_table

HEAD = "Courriel;Prénom;Nom;Code INSEE;Fonction;Début;Fin;Téléphone"
GOOD = "julien@b.example;Julien;Rétif;49035;Agent;01/09/2026;;0241771234"
WRONG = "pas-une-adresse;Paul;Dubois;49035;Agent;;;"


def rows(*lines, head=HEAD, encoding="utf-8-sig"):
    return read_table(io.BytesIO("\r\n".join([head, *lines]).encode(encoding)))


def outcomes(report):
    return [line.outcome for line in report.lines]


@pytest.fixture
def bring_in(world, django_capture_on_commit_callbacks):
    def do(*lines, head=HEAD, **options):
        with django_capture_on_commit_callbacks(execute=True):
            return domain.import_people(rows(*lines, head=head), world.alm, **options)

    return do


def state():
    """What an import may change."""
    return (
        sorted(get_user_model().objects.values_list("email", "first_name", "last_name", "is_active")),
        sorted(
            Mandate.objects.values_list("user__email", "commune__name", "function", "starts_on", "ends_on"), key=str
        ),
        sorted(Profile.objects.values_list("user__email", "phone")),
        Invitation.objects.count(),
    )


def test_new_person_gets_name_function_phone_and_one_invitation(world, bring_in):
    report = bring_in(GOOD)
    assert report.done
    assert outcomes(report) == [CREATED]
    user = get_user_model().objects.get(email="julien@b.example")
    assert user.get_full_name() == "Julien Rétif"
    assert user.profile.phone == "02 41 77 12 34"
    mandate = user.mandates.get()
    assert (mandate.label, mandate.starts_on, mandate.ends_on) == ("Agent, Bouchemaine", date(2026, 9, 1), None)
    assert [message.to for message in mail.outbox] == [["julien@b.example"]]


def test_second_import_changes_nothing_and_writes_to_nobody(bring_in):
    bring_in(GOOD)
    before = state()
    assert outcomes(bring_in(GOOD)) == [UNCHANGED]
    assert state() == before
    assert len(mail.outbox) == 1


def test_second_import_changes_what_differs(bring_in):
    bring_in(GOOD)
    report = bring_in("JULIEN@b.example;Julien;Rétif-Roy;49035;agent;01/10/2026;31/12/2099;02.41.77.00.00")
    assert outcomes(report) == [CHANGED]
    assert report.lines[0].detail == ("Nom, téléphone, début le 1er\u00a0octobre 2026, fin le 31\u00a0décembre 2099.")
    user = get_user_model().objects.get(email="julien@b.example")
    assert (user.last_name, user.profile.phone) == ("Rétif-Roy", "02 41 77 00 00")
    assert [(m.starts_on, m.ends_on) for m in user.mandates.all()] == [(date(2026, 10, 1), date(2099, 12, 31))]


def test_end_takes_the_rights_at_once(world, bring_in):
    Mandate.objects.filter(user=world.marc).update(starts_on=date(2020, 1, 1))
    assert outcomes(bring_in("marc@avrille.example;;;49015;agent;;31/12/2020;")) == [CHANGED]
    assert access.circles_of(get_user_model().objects.get(pk=world.marc.pk)) == frozenset()


def test_one_wrong_line_stops_everything_and_is_named(bring_in):
    before = state()
    report = bring_in(GOOD, WRONG)
    assert not report.done
    assert state() == before
    assert mail.outbox == []
    assert [(line.number, line.detail) for line in report.errors] == [
        (3, "«\u202fpas-une-adresse\u202f» n’est pas une adresse électronique.")
    ]


def test_partial_imports_the_right_lines(bring_in):
    report = bring_in(WRONG, GOOD, partial=True)
    assert report.done
    assert outcomes(report) == [ERROR, CREATED]
    assert get_user_model().objects.filter(email="julien@b.example").exists()
    assert not get_user_model().objects.filter(last_name="Dubois").exists()


def test_dry_run_tells_and_writes_nothing(bring_in):
    before = state()
    report = bring_in(GOOD, dry_run=True)
    assert (outcomes(report), report.done) == ([CREATED], False)
    assert state() == before
    assert mail.outbox == []


def test_without_mail_invites_nobody_until_an_import_with_mail(bring_in):
    bring_in(GOOD, send=False)
    assert (Invitation.objects.count(), len(mail.outbox)) == (0, 0)
    bring_in(GOOD)
    bring_in(GOOD)
    assert (Invitation.objects.count(), len(mail.outbox)) == (1, 1)


def test_person_of_two_communes_is_invited_once(bring_in):
    bring_in(GOOD, GOOD.replace("49035", "49135"))
    assert Mandate.objects.filter(user__email="julien@b.example").count() == 2
    assert len(mail.outbox) == 1


def test_two_functions_one_after_the_other_are_two_mandates(bring_in):
    former = GOOD.replace("01/09/2026;", "01/01/2020;31/12/2020")
    for _ in range(2):
        bring_in(former, GOOD)
        assert Mandate.objects.filter(user__email="julien@b.example").count() == 2


def test_lines_that_contradict_each_other_are_named(bring_in):
    report = bring_in(GOOD, GOOD.replace("Rétif", "Retif"), GOOD.replace("01/09", "02/09"))
    assert [(line.number, line.detail) for line in report.errors] == [
        (3, "La ligne 2 dit autre chose de cette personne (nom)."),
        (4, "La ligne 2 donne d’autres dates à cette fonction."),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (";Julien;Rétif;49035;Agent;;;", "Le courriel est absent."),
        (
            "j@b.example;Julien;Rétif;49219;Agent;;;",
            "49219 n’est le code INSEE d’aucune commune de l’intercommunalité.",
        ),
        ("j@b.example;Julien;Rétif;Angers;Agent;;;", "«\u202fANGERS\u202f» n’est pas un code INSEE de commune."),
        (
            "j@b.example;Julien;Rétif;;Agent;;;",
            "Le code INSEE de la commune (ou le SIREN de l’intercommunalité) est absent.",
        ),
        ("j@b.example;Julien;Rétif;49035;;;;", "La fonction est absente."),
        ("j@b.example;Julien;Rétif;49035;Roi;;;", "Fonction «\u202fRoi\u202f» inconnue"),
        ("j@b.example;Julien;;49035;Agent;;;", "Le prénom et le nom d’une nouvelle personne sont nécessaires."),
        ("j@b.example;Julien;Rétif;49035;Agent;32/01/2026;;", "«\u202f32/01/2026\u202f» n’est pas une date"),
        ("j@b.example;Julien;Rétif;49035;Agent;02/01/2026;01/01/2026;", "La date de fin précède la date de début."),
        ("j@b.example;Julien;Rétif;49035;Agent;;01/01/2020;", "La date de fin est passée"),
        (
            "j@b.example;Julien;Rétif;49035;Agent;;;au bureau",
            "«\u202fau bureau\u202f» n’est pas un numéro de téléphone.",
        ),
        ("j@b.example;Julien;Rétif;244900015;Élu;;;", "Un élu l’est d’une commune"),
        (f"{'j' * 160}@b.example;Julien;Rétif;49035;Agent;;;", "adresse"),
    ],
)
def test_every_mistake_is_said_in_french(bring_in, line, says):
    report = bring_in(GOOD, line)
    assert [error.number for error in report.errors] == [3]
    assert says in report.errors[0].detail


def test_disabled_account_is_named(world, bring_in):
    get_user_model().objects.filter(pk=world.marc.pk).update(is_active=False)
    assert (
        bring_in("marc@avrille.example;;;49015;agent;;;").errors[0].detail
        == "Le compte de cette personne est désactivé."
    )


def test_missing_and_doubled_columns_are_named(world):
    with pytest.raises(ValueError, match="Il manque les colonnes\u202f: code INSEE, fonction"):
        domain.import_people(rows("a@b.example", head="courriel"), world.alm)
    with pytest.raises(ValueError, match="disent la même chose"):
        domain.import_people(rows("a;b", head="courriel;E-mail"), world.alm)


@pytest.mark.parametrize(
    "head",
    [
        "E-MAIL;first_name;last name;insee;function;start;end;phone",
        "Adresse électronique;PRENOM;NOM *;Code commune;Rôle;Date de début;Jusqu’au;Tél",
    ],
)
def test_headers_are_read_in_both_languages(bring_in, head):
    assert outcomes(bring_in(GOOD, head=head)) == [CREATED]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
def test_files_as_french_excel_writes_them(world, encoding):
    domain.import_people(rows(GOOD, encoding=encoding), world.alm)
    assert get_user_model().objects.get(email="julien@b.example").last_name == "Rétif"


def test_spreadsheet_with_real_dates_and_lost_zeros(world):
    world.bouchemaine.insee_code = "01001"
    world.bouchemaine.save()
    book = Workbook()
    book.active.append(HEAD.split(";"))
    book.active.append(["julien@b.example", "Julien", "Rétif", 1001, "DGA", date(2026, 9, 1), None, 241771234])
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    domain.import_people(read_table(content), world.alm)
    user = get_user_model().objects.get(email="julien@b.example")
    assert user.mandates.get().starts_on == date(2026, 9, 1)
    assert user.mandates.get().commune == world.bouchemaine
    assert user.profile.phone == "02 41 77 12 34"


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("dgs", Function.DGS),
        ("Directrice générale des services", Function.DGS),
        ("D.G.A.", None),
        ("DGS par suppléance", Function.SUBSTITUTE),
        ("élue", Function.ELECTED),
        ("Direction générale", Function.ADMINISTRATOR),
        ("administrator", Function.ADMINISTRATOR),
    ],
)
def test_functions_by_code_or_in_french(text, function):
    if function is None:
        with pytest.raises(ValueError, match="inconnue"):
            columns.function(text)
    else:
        assert columns.function(text) == function


def test_authority_s_own_staff_are_known_by_its_siren(world, bring_in):
    bring_in("agent@alm.example;Lise;Roy;244900015;Agent;;;")
    assert (
        get_user_model().objects.get(email="agent@alm.example").mandates.get().label == "Agent, Angers Loire Métropole"
    )


def test_person_of_another_authority_keeps_name_and_phone(world, bring_in):
    bring_in("paul@montsoreau.example;Pirate;Pirate;49035;agent;;;0600000000")
    world.stranger.refresh_from_db()
    assert world.stranger.get_full_name() == "Paul Roy"
    assert not Profile.objects.filter(user=world.stranger).exists()
    assert world.stranger.mandates.count() == 2


line = st.tuples(
    st.sampled_from(["a@b.example", "A@B.example", "marc@avrille.example", "x"]),
    st.sampled_from(["", "Marc", "Ève"]),
    st.sampled_from(["", "Petit", "=1+1"]),
    st.sampled_from(["49015", "49035", "244900015", ""]),
    st.sampled_from(["dgs", "agent", "Élu", "?"]),
    st.sampled_from(["", "01/01/2020", "01/06/2026", "01/01/2099"]),
    st.sampled_from(["", "31/12/2020", "31/12/2030", "31/12/2099"]),
    st.sampled_from(["", "0241000000", "x"]),
).map(";".join)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(lines=st.lists(line, max_size=5))
def test_importing_twice_equals_importing_once(world, lines):
    """Of the lines that are right: a wrong one may become right once another has brought the person in."""
    with transaction.atomic():
        report = domain.import_people(rows(*lines), world.alm, partial=True)
        once = state()
        right = [text for text, done in zip(lines, report.lines, strict=True) if done.outcome != ERROR]
        again = domain.import_people(rows(*right), world.alm)
        assert state() == once
        assert set(outcomes(again)) <= {UNCHANGED}
        transaction.set_rollback(True)


# On screen and on the command line ----
def upload(*lines, name="personnes.csv"):
    return {"file": SimpleUploadedFile(name, "\r\n".join([HEAD, *lines]).encode("utf-8-sig"))}


def test_screen_shows_each_line_then_imports(world, as_person, django_capture_on_commit_callbacks):
    client = as_person(world.admin)
    trial = client.post("/annuaire/importer/", upload(GOOD))
    assert "Julien Rétif, Agent, Bouchemaine" in trial.content.decode()
    assert not get_user_model().objects.filter(email="julien@b.example").exists()
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post("/annuaire/importer/", {"table": trial.context["table"], "mail": "1"})
    assert "L’importation est faite" in done.content.decode()
    assert len(mail.outbox) == 1
    again = client.post("/annuaire/importer/", {"table": trial.context["table"], "mail": "1"})
    assert "choisissez-le à nouveau" in again.content.decode()


def test_screen_names_wrong_lines_and_offers_the_others(world, as_person):
    client = as_person(world.admin)
    trial = client.post("/annuaire/importer/", upload(GOOD, WRONG))
    page = trial.content.decode()
    assert "pas-une-adresse" in page
    assert "Importer 1 ligne juste" in page
    client.post("/annuaire/importer/", {"table": trial.context["table"], "partial": "1"})
    assert get_user_model().objects.filter(email="julien@b.example").exists()
    assert mail.outbox == []


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", b"PK\x03\x04zip", b"courriel;code insee;fonction\r\n", b"a;b\r\n1;2"]
)
def test_screen_refuses_what_is_no_list(world, as_person, content):
    response = as_person(world.admin).post("/annuaire/importer/", {"file": SimpleUploadedFile("liste.csv", content)})
    assert response.status_code == 200
    assert 'class="wrong"' in response.content.decode()


@pytest.mark.parametrize("name", ["helene", "marc", "guest", "stranger"])
def test_only_administrators_import(world, as_person, name):
    client = as_person(getattr(world, name))
    assert client.get("/annuaire/importer/").status_code in (403, 404)
    assert client.post("/annuaire/importer/", upload(GOOD)).status_code in (403, 404)


def test_table_of_someone_else_cannot_be_imported(world, as_person):
    trial = as_person(world.admin).post("/annuaire/importer/", upload(GOOD))
    second = domain.invite("dga@alm.example", "A", "B", Function.ADMINISTRATOR, world.alm).user
    page = as_person(second).post("/annuaire/importer/", {"table": trial.context["table"]}).content.decode()
    assert "choisissez-le à nouveau" in page
    assert not get_user_model().objects.filter(email="julien@b.example").exists()


def write(tmp_path, *lines):
    path = tmp_path / "personnes.csv"
    path.write_bytes("\r\n".join([HEAD, *lines]).encode("cp1252"))
    return str(path)


def test_command_imports_and_counts(world, tmp_path, capsys):
    call_command("import_members", write(tmp_path, GOOD), territory="244900015")
    out = capsys.readouterr().out
    assert "ligne 2 : créée : Julien Rétif, Agent, Bouchemaine. Nouvelle personne." in out
    assert "créée : 1, modifiée : 0, inchangée : 0, erreur : 0." in out


def test_command_stops_on_a_wrong_line(world, tmp_path, capsys):
    with pytest.raises(CommandError, match="Rien n’a été importé"):
        call_command("import_members", write(tmp_path, GOOD, WRONG), territory="244900015")
    assert "ligne 3 : erreur : pas-une-adresse." in capsys.readouterr().out
    call_command("import_members", write(tmp_path, GOOD, WRONG), "--partial", "--no-mail", territory="244900015")
    assert get_user_model().objects.filter(email="julien@b.example").exists()


def test_command_dry_run_writes_nothing(world, tmp_path, capsys):
    call_command("import_members", write(tmp_path, GOOD), "--dry-run", territory="244900015")
    assert "rien n’a été écrit" in capsys.readouterr().out
    assert not get_user_model().objects.filter(email="julien@b.example").exists()


@pytest.mark.parametrize(("siren", "says"), [(None, "--territory SIREN"), ("000000000", "Aucune intercommunalité")])
def test_command_asks_which_authority(world, tmp_path, siren, says):
    with pytest.raises(CommandError, match=says):
        call_command("import_members", write(tmp_path, GOOD), territory=siren)


def test_command_names_a_missing_file(world, tmp_path):
    with pytest.raises(CommandError, match=r"absent\.csv"):
        call_command("import_members", str(tmp_path / "absent.csv"), territory="244900015")


@pytest.mark.parametrize(("administers", "shown"), [(True, True), (False, False)])
def test_wagtail_s_menu_leads_administrators_to_the_import(world, as_person, administers, shown):
    editor = world.admin if administers else world.helene
    type(editor).objects.filter(pk=editor.pk).update(is_superuser=True)
    page = as_person(editor).get(reverse("wagtailadmin_home")).content.decode()
    assert ("Importer des personnes" in page) is shown
