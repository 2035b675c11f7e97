"""Circle pages, their management and the explain page, as people of each function meet them."""

import pytest
from django.urls import reverse

from extranet.circles import access, domain
from extranet.circles.models import Circle, Membership


def page_of(circle):
    return circle.page.get_url()


def test_member_reads_the_page_of_her_circle(world, as_person):
    response = as_person(world.helene).get(page_of(world.group))
    assert response.status_code == 200
    assert "Préparer les groupements." in response.content.decode()


def test_page_of_anothers_circle_does_not_exist(world, as_person):
    assert as_person(world.marc).get(page_of(world.group)).status_code == 404


def test_nobody_is_sent_to_sign_in(world, client):
    response = client.get(page_of(world.group))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_index_names_only_ones_own_circles(world, as_person):
    text = as_person(world.marc).get(reverse("circles:index"), follow=True).content.decode()
    assert "Avrillé" in text
    assert "Bouchemaine" not in text
    assert "Achats" not in text


def test_person_without_mandate_is_told_so_everywhere(world, as_person):
    domain.end_mandate(world.helene.mandates.get())
    for address in (page_of(world.group), "/", "/nulle-part/"):
        response = as_person(world.helene).get(address)
        assert response.status_code == 403
        assert "Votre accès n’est pas ouvert" in response.content.decode()


def test_member_of_another_territory_is_refused_on_this_host(world, as_person):
    assert as_person(world.stranger).get("/").status_code == 403
    assert as_person(world.stranger).get("/", headers={"host": "saumur.test"}).status_code == 200


def test_facilitator_names_and_removes_people(world, as_person):
    client = as_person(world.yves)
    address = reverse("circles:people", args=[world.group.slug])
    client.post(address, {"person": world.karim.pk, "role": "member"})
    assert world.karim.pk in access.viewers(world.group)
    client.post(reverse("circles:remove", args=[world.group.slug, world.karim.pk]))
    assert world.karim.pk not in access.viewers(world.group)


def test_facilitator_cannot_name_someone_of_another_territory(world, as_person):
    address = reverse("circles:people", args=[world.group.slug])
    response = as_person(world.yves).post(address, {"person": world.stranger.pk, "role": "member"})
    assert response.status_code == 200
    assert not Membership.objects.filter(user=world.stranger).exists()


@pytest.mark.parametrize("name", ["people", "edit"])
def test_member_cannot_run_the_group(world, as_person, name):
    assert as_person(world.helene).get(reverse(f"circles:{name}", args=[world.group.slug])).status_code == 404


def test_facilitator_changes_the_mission(world, as_person):
    address = reverse("circles:edit", args=[world.group.slug])
    as_person(world.yves).post(address, {"mission": "Acheter ensemble.", "due_on": "2027-06-30"})
    world.group.refresh_from_db()
    assert (world.group.mission, str(world.group.due_on)) == ("Acheter ensemble.", "2027-06-30")


def test_administrator_opens_a_commission_whose_rule_names_its_members(world, as_person):
    data = {"kind": "commission", "name": "Très petites communes", "population_under": 3000}
    response = as_person(world.admin).post(reverse("circles:new"), data)
    circle = Circle.objects.get(name="Très petites communes")
    assert response.url == reverse("circles:people", args=[circle.slug])
    assert set(access.people_of([circle.pk])) == {world.yves}


def test_commission_without_threshold_is_asked_for_it_and_keeps_what_was_typed(world, as_person):
    response = as_person(world.admin).post(reverse("circles:new"), {"kind": "commission", "name": "Sans seuil"})
    text = response.content.decode()
    assert "Indiquez le seuil de population" in text
    assert 'value="Sans seuil"' in text


def test_facilitator_cannot_open_a_circle(world, as_person):
    assert as_person(world.yves).get(reverse("circles:new")).status_code == 404


def test_dgs_ends_the_function_of_someone_of_her_commune(world, as_person):
    mandate = world.marc.mandates.get()
    as_person(world.karim).post(reverse("circles:end_mandate", args=[mandate.pk]), {"last_day": ""})
    assert access.viewers(world.avrille.circle, [world.marc.pk]) == set()


def test_dgs_cannot_end_a_function_elsewhere(world, as_person):
    mandate = world.marc.mandates.get()
    response = as_person(world.helene).post(reverse("circles:end_mandate", args=[mandate.pk]))
    assert response.status_code == 404
    assert world.marc.pk in access.viewers(world.avrille.circle)


def test_person_s_page_leads_to_the_end_of_a_function_for_who_may_end_it(world, as_person):
    page = reverse("members:person", args=[world.marc.pk])
    address = reverse("circles:end_mandate", args=[world.marc.mandates.get().pk])
    assert address in as_person(world.karim).get(page).content.decode()
    assert address in as_person(world.admin).get(page).content.decode()
    assert address not in as_person(world.helene).get(page).content.decode()


def test_facilitator_lets_a_commune_observe_and_ends_it(world, as_person):
    client, observer = as_person(world.yves), world.avrille.circle
    client.post(reverse("circles:invite_observer", args=[world.group.slug]), {"observer": observer.pk})
    assert list(access.observers_of(world.group)) == [observer]
    assert world.marc.pk in access.viewers(world.group)
    client.post(reverse("circles:uninvite_observer", args=[world.group.slug, observer.slug]))
    assert world.marc.pk not in access.viewers(world.group)


def test_circle_of_another_territory_cannot_observe(world, as_person):
    address = reverse("circles:invite_observer", args=[world.group.slug])
    as_person(world.yves).post(address, {"observer": world.montsoreau.circle.pk})
    assert list(access.observers_of(world.group)) == []


def test_member_cannot_invite_observers(world, as_person):
    address = reverse("circles:invite_observer", args=[world.group.slug])
    assert as_person(world.helene).post(address, {"observer": world.avrille.circle.pk}).status_code == 404
    assert list(access.observers_of(world.group)) == []


def test_last_day_before_the_first_is_refused(world, as_person):
    address = reverse("circles:end_mandate", args=[world.marc.mandates.get().pk])
    response = as_person(world.karim).post(address, {"last_day": "2001-01-01"})
    assert "précède le premier" in response.content.decode()


def test_administrator_reads_why_someone_sees_a_circle(world, as_person):
    address = reverse("circles:explain", args=["circles.circle", world.group.pk])
    text = as_person(world.admin).get(address, {"personne": world.guest.pk}).content.decode()
    assert "membre de « Achats »" in text
    assert "lire, contribuer" in text


def test_circle_page_leads_administrators_to_the_explanation(world, as_person):
    address = reverse("circles:explain", args=["circles.circle", world.group.pk])
    assert address in as_person(world.admin).get(page_of(world.group)).content.decode()
    assert address not in as_person(world.yves).get(page_of(world.group)).content.decode()


def test_explain_is_for_administrators_alone(world, as_person):
    address = reverse("circles:explain", args=["circles.circle", world.group.pk])
    assert as_person(world.yves).get(address).status_code == 404


@pytest.mark.parametrize("model", ["accounts.user", "nothing.atall", "x"])
def test_explain_knows_shared_things_only(world, as_person, model):
    assert as_person(world.admin).get(f"/droits/{model}/1/").status_code == 404
