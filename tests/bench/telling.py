"""Measure whether response times reveal which names have an account."""

import time
from collections.abc import Callable
from statistics import median
from uuid import UUID

from app.access.policy import Role
from app.db.session import db, transaction
from app.identity.queries import people
from app.invitations.service import invitations
from app.invitations.service.invitations import NewInvitation
from app.kernel import clock
from app.sign_in.queries import sessions
from tests.bench.figures import Figure
from tests.bench.ground import Ground
from tests.support.http_client import Visit
from tests.support.live import Server

EACH = 24  # known and unknown names, in turns
APART = 25.0  # percent
Try = Callable[[Visit, str], int]


def telling(ground: Ground) -> list[Figure]:
    """Return the difference of times for known and unknown names, in percent of the longer one."""
    known = ground.fresh(2 * EACH)
    invited = _invite(ground)
    with Server(ground.folder, ground.url, workers=1, settings={"PROXIES": "1"}) as server:
        return [
            Figure(ground.database, f"user or not, at {name}", _apart(server.port, act, names), "%", APART)
            for name, act, names in (
                ("sign-in", _sign_in, known[:EACH]),
                ("sign-in/help", _ask_help, known[EACH:]),
                ("invitation", _type_code, invited),
            )
        ]


def _apart(port: int, act: Try, known: list[str]) -> float:
    """Try known and unknown names in turns, from different addresses because of rate limits."""
    took: dict[bool, list[float]] = {True: [], False: []}
    for n, name in enumerate(known):
        for is_known in (True, False):
            visit = Visit(port)
            visit.head["X-Forwarded-For"] = f"10.{n}.{int(is_known)}.1"
            took[is_known].append(_seconds(act, visit, name if is_known else f"unknown{n}@police.example"))
            visit.close()
    first, second = (median(each) for each in took.values())
    return 100 * abs(first - second) / max(first, second)


def _seconds(act: Try, visit: Visit, name: str) -> float:
    began = time.perf_counter()
    status = act(visit, name)
    took = time.perf_counter() - began
    assert status in {302, 422}, status
    return took


def _sign_in(visit: Visit, name: str) -> int:
    visit.page("/sign-in")
    return visit.post("/sign-in", {"name": name, "password": "five words that are wrong"}).status


def _ask_help(visit: Visit, name: str) -> int:
    visit.page("/sign-in/help")
    return visit.post("/sign-in/help", {"name": name}).status


def _type_code(visit: Visit, mail: str) -> int:
    visit.page("/invitation")
    return visit.post("/invitation", {"mail": mail, "code": "0000 0000"}).status


def _invite(ground: Ground) -> list[str]:
    mails = [f"invited{n}@police.example" for n in range(EACH)]
    with ground.app.app_context():
        agency, country, _name = people.agencies()[0]
        by = sessions.credentials_by_name(ground.person_with("contact_point"))
        assert by is not None
        for n, mail in enumerate(mails):
            new = NewInvitation(
                mail=mail, name=f"Invited {n}", latin_name=None, service_number=None, country=country,
                agency_id=agency, role=Role.PRACTITIONER, posting_roles=("first_responder",), title="First responder",
                language="en",
            )  # fmt: skip
            with transaction():
                made = invitations.invite(new, by[0], clock.real_now())
            assert isinstance(made, UUID)
            with transaction():
                invitations.print_letter(made, clock.real_now())
        db.session.remove()
    return mails
