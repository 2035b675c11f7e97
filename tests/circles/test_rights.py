"""Functions give rights; they end with the mandate."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from extranet.circles import access, domain
from extranet.circles.models import Circle, Function, Mandate, Membership
from tests.world import person


def fresh(user):
    return type(user).objects.get(pk=user.pk)


def names(user, action="view"):
    return set(Circle.objects.filter(pk__in=access.circles_of(fresh(user), action)).values_list("name", flat=True))


def test_dgs_sees_commune_quadrant_and_all_members(world):
    assert names(world.helene) == {"Bouchemaine", "Quadrant Sud-Ouest", "Tous les membres", "Achats"}
    assert names(world.helene, "moderate") == {"Bouchemaine"}


def test_dgs_of_a_small_commune_sits_in_the_commission(world):
    assert "Communes de moins de 4 500 habitants" in names(world.yves)


def test_commune_without_population_is_under_no_threshold(world):
    newcomer = person("n@lameignanne.example", "N", "N")
    domain.give_mandate(newcomer, Function.DGS, territory=world.alm, commune=world.meignanne)
    assert names(newcomer) == {"La Meignanne", "Quadrant Nord-Ouest", "Tous les membres"}


def test_agent_is_a_member_of_the_commune_without_running_it(world):
    assert names(world.marc) == names(world.marc, "contribute") == {"Avrillé", "Tous les membres"}
    assert names(world.marc, "moderate") == set()


def test_elected_reader_only_reads(world):
    assert names(world.elue) == {"Avrillé", "Tous les membres"}
    assert names(world.elue, "contribute") == set()


def test_guest_sees_one_circle_until_the_last_day(world):
    assert names(world.guest) == {"Achats"}
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert domain.refresh_due() == 1
        assert names(world.guest) == set()


@pytest.mark.parametrize("applied", [False, True])
@pytest.mark.parametrize(("begins", "ends"), [(-9, None), (-9, 0), (0, 0), (-9, -1), (1, None), (1, 9)])
def test_groups_that_do_not_follow_a_mandate_are_noticed(world, applied, begins, ends):
    today = timezone.localdate()
    ends_on = None if ends is None else today + timedelta(days=ends)
    mandates = Mandate.objects.filter(user=world.marc)
    mandates.update(applied=applied, starts_on=today + timedelta(days=begins), ends_on=ends_on)
    assert access.rights_of(fresh(world.marc)).stale == Mandate.objects.due().filter(user=world.marc).exists()


def test_guest_without_end_is_refused(world):
    with pytest.raises(IntegrityError):
        domain.give_mandate(world.stranger, Function.GUEST, territory=world.alm, circle=world.group)


def test_mandate_of_tomorrow_gives_nothing_today(world):
    newcomer = person("t@feneu.example", "T", "T")
    tomorrow = timezone.localdate() + timedelta(days=1)
    domain.give_mandate(newcomer, Function.DGS, territory=world.alm, commune=world.feneu, starts_on=tomorrow)
    assert names(newcomer) == set()
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert domain.refresh_due() == 1
        assert "Feneu" in names(newcomer)


def test_ended_mandate_takes_its_rights_and_the_memberships_at_once(world):
    domain.end_mandate(world.helene.mandates.get())
    assert names(world.helene) == set()


def test_second_mandate_keeps_its_rights_when_the_first_ends(world):
    second = domain.give_mandate(world.helene, Function.DEPUTY, territory=world.alm, commune=world.avrille)
    domain.end_mandate(world.helene.mandates.exclude(pk=second.pk).get())
    assert names(world.helene) == {"Avrillé", "Quadrant Nord-Ouest", "Tous les membres", "Achats"}


def test_administrator_has_everything_in_the_territory_and_nothing_in_another(world):
    everything = set(Circle.objects.filter(territory=world.alm).values_list("name", flat=True))
    assert names(world.admin, "moderate") == everything
    assert not access.circles_of(fresh(world.admin)) & set(world.saumur.circles.values_list("pk", flat=True))


def test_member_of_another_territory_sees_nothing_here(world):
    stranger = fresh(world.stranger)
    access.within(stranger, world.alm)
    assert access.circles_of(stranger) == frozenset()


def test_observing_commune_reads_and_cannot_write(world):
    domain.invite_observer(world.group, world.avrille.circle)
    assert "Achats" in names(world.marc)
    assert "Achats" not in names(world.marc, "contribute")
    domain.uninvite_observer(world.group, world.avrille.circle)
    assert "Achats" not in names(world.marc)


def test_disabled_account_has_no_right(world):
    world.helene.is_active = False
    world.helene.save()
    assert names(world.helene) == set()


def test_leaving_a_group_keeps_what_the_function_gives(world):
    domain.leave(world.group, world.helene)
    assert names(world.helene) == {"Bouchemaine", "Quadrant Sud-Ouest", "Tous les membres"}


def test_reader_of_a_group_only_reads(world):
    domain.join(world.group, world.marc, Membership.Role.READER)
    assert "Achats" in names(world.marc)
    assert "Achats" not in names(world.marc, "contribute")


def test_rights_cost_one_query(world, django_assert_num_queries):
    helene = fresh(world.helene)
    with django_assert_num_queries(1):
        access.circles_of(helene)
        access.circles_of(helene, "moderate")


def test_people_of_a_circle_are_its_members_and_readers(world):
    assert set(access.people_of([world.avrille.circle.pk])) == {world.karim, world.marc, world.elue}


def test_viewers_of_a_circle_include_the_administrators(world):
    assert access.viewers(world.group) == {u.pk for u in (world.helene, world.yves, world.guest, world.admin)}
    assert access.viewers(world.group, [world.marc.pk, world.helene.pk]) == {world.helene.pk}
