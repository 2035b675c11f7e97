"""People are invited: once, to one address, for seven days."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from extranet.circles import domain as circles
from extranet.circles.models import Function, Mandate
from extranet.members import domain
from extranet.members.domain import people
from extranet.members.models import Invitation

PHRASE = "les crues de la Maine en janvier"


@pytest.fixture
def invite(world, django_capture_on_commit_callbacks):
    """Invite Julien to Bouchemaine as her deputy; returns what `domain.invite` returns, its mail sent."""

    def do(email="Julien@Bouchemaine.example", function=Function.DEPUTY, **details):
        details = {"territory": world.alm, "commune": world.bouchemaine, "by": world.helene, **details}
        with django_capture_on_commit_callbacks(execute=True):
            return domain.invite(email, "Julien", "Rétif", function, **details)

    return do


def link(message=None):
    """The path of the invitation in the last mail."""
    return re.search(r"http://\S+?(/invitation/\S+/)", (message or mail.outbox[-1]).body)[1]


def post(client, path, phrase=PHRASE, again=None):
    return client.post(path, {"password": phrase, "again": phrase if again is None else again})


def form_of(**changes):
    details = {"first_name": "Julien", "last_name": "Rétif", "email": "julien@bouchemaine.example", "function": "agent"}
    return {**details, **changes}


def test_invitation_makes_the_person_the_mandate_and_one_mail(world, invite):
    invited = invite()
    user = get_user_model().objects.get(email="julien@bouchemaine.example")
    assert invited.user == user
    assert not user.has_usable_password()
    assert [mandate.label for mandate in user.mandates.all()] == ["DGA, Bouchemaine"]
    assert [message.to for message in mail.outbox] == [["julien@bouchemaine.example"]]


def test_mail_reads_as_written_by_the_person_who_invites(world, invite):
    invite()
    message = mail.outbox[0]
    assert message.subject == "Hélène Marchais vous invite dans le Réseau des DGS"
    assert message.reply_to == ["helene@bouchemaine.example"]
    assert "Bonjour Julien," in message.body
    assert "Hélène Marchais\nDGS, Bouchemaine" in message.body
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    assert len(re.findall("<a ", html)) == len(re.findall("http://", message.body)) == 1


def test_token_is_nowhere_in_the_database(world, invite):
    invitation = invite().invitation
    token = link().split("/")[2]
    invitation.refresh_from_db()
    assert len(token) >= 43  # 32 random bytes
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values().get())
    assert domain.invitation_of(token, world.alm) == invitation


def test_invited_person_chooses_a_password_and_is_home(world, invite, client):
    invite()
    page = client.get(link())
    assert page.status_code == 200
    assert "Hélène Marchais vous invite" in page.content.decode()
    assert "DGA, Bouchemaine" in page.content.decode()
    response = post(client, link())
    assert (response.status_code, response["Location"]) == (302, "/")
    user = get_user_model().objects.get(email="julien@bouchemaine.example")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.check_password(PHRASE)


def test_page_tells_the_token_to_no_other_site(invite, client):
    invite()
    response = client.get(link())
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("phrase", "again", "says"),
    [
        ("trop court", None, "trop court"),
        (PHRASE, PHRASE + "s", "diffèrent"),
        ("123456789012345678", None, "entièrement"),
    ],
)
def test_weak_or_different_passwords_are_refused(invite, client, phrase, again, says):
    invited = invite()
    response = post(client, link(), phrase, again)
    assert response.status_code == 200
    assert says in response.content.decode()
    invited.invitation.refresh_from_db()
    assert invited.invitation.used_at is None


def test_used_invitation_says_to_sign_in(invite, client):
    invite()
    path = link()
    post(client, path)
    client.logout()
    for response in (client.get(path), post(client, path, "une autre phrase bien longue")):
        assert response.status_code == 410
        assert "Votre compte est déjà ouvert" in response.content.decode()
    assert get_user_model().objects.get(email="julien@bouchemaine.example").check_password(PHRASE)


def test_invitation_expires_after_seven_days(invite, client):
    invited = invite()
    path = link()
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        for response in (client.get(path), post(client, path)):
            assert response.status_code == 410
            assert "mailto:helene@bouchemaine.example" in response.content.decode()
        with pytest.raises(domain.Refused):
            domain.accept(path.split("/")[2], PHRASE)
    invited.user.refresh_from_db()
    assert not invited.user.has_usable_password()
    with time_machine.travel(timezone.now() + timedelta(days=7) - timedelta(minutes=1)):
        assert client.get(path).status_code == 200


def test_unknown_token_says_what_to_do(world, client):
    response = client.get(reverse("members:accept", args=["x" * 43]))
    assert response.status_code == 404
    assert "copiez son lien en entier" in response.content.decode()


def test_invitation_is_bound_to_its_address(invite):
    user = invite().user
    token = link().split("/")[2]
    user.email = "autre@bouchemaine.example"
    user.save()
    with pytest.raises(domain.Refused):
        domain.accept(token, PHRASE)


def test_invitation_is_worth_nothing_once_the_person_has_signed_in_otherwise(invite, client):
    user = invite().user
    user.last_login = timezone.now()
    user.save()
    assert post(client, link()).status_code == 410


def test_invitation_of_another_territory_does_not_exist_here(world, invite, client):
    invite()
    assert client.get(link(), headers={"host": "saumur.test"}).status_code == 404


def test_invitation_opens_nothing_for_a_disabled_account(invite, client):
    user = invite().user
    user.is_active = False
    user.save()
    assert post(client, link()).status_code == 410


def test_sending_again_replaces_the_link(world, invite, client, django_capture_on_commit_callbacks):
    invitation = invite().invitation
    former = link()
    with django_capture_on_commit_callbacks(execute=True):
        domain.resend(invitation, by=world.helene)
    assert link() != former
    assert client.get(former).status_code == 404
    assert client.get(link()).status_code == 200
    assert Invitation.objects.count() == 1


def test_inviting_twice_makes_one_person_one_mandate_one_invitation(invite):
    invite()
    invite(email="JULIEN@bouchemaine.EXAMPLE")
    assert get_user_model().objects.filter(email__iexact="julien@bouchemaine.example").count() == 1
    assert Mandate.objects.filter(user__email="julien@bouchemaine.example").count() == 1
    assert Invitation.objects.count() == 1


def test_someone_who_has_an_account_is_told_and_keeps_name_and_password(world, invite):
    invited = invite(email=world.stranger.email, phone="02 41 00 00 00")
    assert invited.invitation is None
    world.stranger.refresh_from_db()
    assert world.stranger.get_full_name() == "Paul Roy"
    assert not hasattr(world.stranger, "profile")
    assert [message.subject for message in mail.outbox] == [
        "Votre fonction dans le Réseau des DGS\u202f: DGA, Bouchemaine"
    ]
    assert "/invitation/" not in mail.outbox[0].body


def test_disabled_account_cannot_be_invited(world, invite):
    world.marc.is_active = False
    world.marc.save()
    with pytest.raises(domain.Refused):
        invite(email=world.marc.email)


def test_mail_of_an_ended_function_never_leaves(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        invited = domain.invite("a@b.example", "A", "B", Function.AGENT, world.alm, commune=world.feneu)
        circles.end_mandate(invited.mandate)
    for callback in callbacks:
        callback()
    assert mail.outbox == []


# The page ----
def test_dgs_invites_to_her_own_commune(world, as_person, django_capture_on_commit_callbacks):
    client = as_person(world.helene)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/inviter/", form_of(commune=world.bouchemaine.pk), follow=True)
    assert "L’invitation de Julien Rétif est partie" in response.content.decode()
    assert Mandate.objects.get(user__email="julien@bouchemaine.example").commune == world.bouchemaine


def test_dgs_cannot_invite_to_another_commune(world, as_person):
    response = as_person(world.helene).post("/inviter/", form_of(commune=world.avrille.pk))
    assert response.status_code == 200
    assert not get_user_model().objects.filter(email="julien@bouchemaine.example").exists()
    assert 'value="Julien"' in response.content.decode()


@pytest.mark.parametrize("function", ["administrator", "guest"])
def test_dgs_gives_no_function_beyond_her_commune(world, as_person, function):
    response = as_person(world.helene).post("/inviter/", form_of(function=function, commune=world.bouchemaine.pk))
    assert response.status_code == 200
    assert not get_user_model().objects.filter(email="julien@bouchemaine.example").exists()


def test_facilitator_of_a_group_invites_an_expert_until_a_day(world, as_person):
    client = as_person(world.yves)
    form = form_of(function="guest", circle=world.group.pk)
    assert "jusqu’à une date" in client.post("/inviter/", form).content.decode()
    client.post("/inviter/", {**form, "ends_on": "2099-12-31"})
    assert Mandate.objects.get(user__email="julien@bouchemaine.example").circle == world.group


def test_administrator_invites_anyone(world, as_person):
    client = as_person(world.admin)
    client.post("/inviter/", form_of(function="dgs", commune=world.meignanne.pk))
    client.post("/inviter/", form_of(function="administrator", email="dga@alm.example"))
    labels = {mandate.label for mandate in Mandate.objects.filter(user__last_name="Rétif")}
    assert labels == {"DGS, La Meignanne", "Direction générale, Angers Loire Métropole"}


@pytest.mark.parametrize("name", ["marc", "elue", "guest", "stranger"])
def test_who_runs_nothing_invites_nobody(world, as_person, name):
    client = as_person(getattr(world, name))
    for response in (client.get("/inviter/"), client.post("/inviter/", form_of(commune=world.avrille.pk))):
        assert response.status_code in (403, 404)
    assert not get_user_model().objects.filter(email="julien@bouchemaine.example").exists()
    assert "Inviter" not in client.get("/annuaire/").content.decode()


def test_pending_invitations_are_those_of_the_communes_one_runs(world, invite, as_person):
    invitation = invite().invitation
    assert "julien@bouchemaine.example" in as_person(world.helene).get("/inviter/").content.decode()
    assert "julien@bouchemaine.example" not in as_person(world.karim).get("/inviter/").content.decode()
    assert as_person(world.karim).post(reverse("members:resend", args=[invitation.pk])).status_code == 404
    assert "julien@bouchemaine.example" in as_person(world.admin).get("/inviter/").content.decode()


def test_resending_from_the_page(world, invite, as_person, django_capture_on_commit_callbacks):
    invitation = invite().invitation
    with django_capture_on_commit_callbacks(execute=True):
        as_person(world.helene).post(reverse("members:resend", args=[invitation.pk]))
    assert len(mail.outbox) == 2
    assert Invitation.objects.get().sent_at is not None


def test_invite_page_costs_the_same_for_one_and_thirty(world, invite, as_person, django_assert_max_num_queries):
    client = as_person(world.helene)
    invite()
    client.get("/inviter/")
    with django_assert_max_num_queries(30) as one:
        client.get("/inviter/")
    for index in range(29):
        domain.invite(
            f"n{index}@b.example", "N", "N", Function.AGENT, world.alm, commune=world.bouchemaine, by=world.admin
        )
    with django_assert_max_num_queries(30) as thirty:
        client.get("/inviter/")
    assert len(one) == len(thirty)


def test_where_people_have_usernames_the_address_is_the_username(db, monkeypatch):
    """A site of `wagtail start` keeps Django's own user model."""
    monkeypatch.setattr(people, "get_user_model", lambda: User)
    monkeypatch.setattr(User, "save", lambda self: None)
    user = people.create_person("Julien@B.example", "Julien", "Rétif")
    assert (user.get_username(), user.email) == ("julien@b.example", "julien@b.example")
