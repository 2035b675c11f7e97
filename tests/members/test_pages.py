import pytest
from django.urls import reverse
PAGES = ["members:people","members:communes","members:profile","members:invite","members:import"]
@pytest.mark.parametrize("name", PAGES)
def test_page(world, as_person, name):
    r = as_person(world.admin).get(reverse(name)); assert r.status_code == 200, r
def test_more(world, as_person):
    c = as_person(world.helene)
    for u in [reverse("members:commune", args=["49015"]), reverse("members:person", args=[world.karim.pk]), reverse("members:vcard", args=[world.karim.pk]), reverse("members:people_csv"), "/annuaire/?q=helene&commune=49035", reverse("account_change_password"), reverse("account_logout")]:
        r = c.get(u); assert r.status_code == 200, u
        print(b"".join(r.streaming_content).decode() if r.streaming else r.content.decode()[:3000] if 'vcf' in u else '')
def test_anon(world, client):
    for n in ["account_login","account_request_login_code","account_reset_password","account_reset_password_done","account_reset_password_from_key_done","account_inactive"]:
        r = client.get(reverse(n)); assert r.status_code == 200, n
