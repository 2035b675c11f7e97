"""An invitation is accepted once, however many try at the same time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import OperationalError, connection

from extranet.circles.models import Function
from extranet.members import domain
from extranet.members.models import Invitation
from tests import world as worlds


def test_ten_acceptances_at_once_open_one_account(transactional_db):
    world = worlds.build()
    invited = domain.invite("julien@b.example", "Julien", "Rétif", Function.AGENT, world.alm, commune=world.feneu)
    token = Invitation.objects.get(pk=invited.invitation.pk).issue_token()
    barrier = Barrier(10)

    def accept(number):
        barrier.wait()
        try:
            while True:
                try:
                    domain.accept(token, f"la phrase bien longue {number}")
                    return number
                except domain.Refused:
                    return None
                except OperationalError as error:  # SQLite in memory refuses where a file would wait its turn
                    if "locked" not in str(error):
                        raise
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        accepted = [number for number in pool.map(accept, range(10)) if number is not None]
    assert len(accepted) == 1
    invited.user.refresh_from_db()
    assert invited.user.check_password(f"la phrase bien longue {accepted[0]}")
