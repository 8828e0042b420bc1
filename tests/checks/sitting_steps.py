"""Changes of sittings and the entries that each leaves in the audit log."""

from collections.abc import Callable, Mapping

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support import factories, sites, sitting_scene
from tests.support.audit_log import AuditStep, Step
from tests.support.sites import Site
from tests.support.sitting_scene import Scene

MADE: list[Scene] = []  # the scene that the preparation of a step left
Prepare = Callable[[Site], None]
WATCHER, OFFICER = "contact_point", "owner"


def _scene(*, opened: bool = True, seat: str = "") -> Prepare:
    """Plan a sitting of the contact point for the owner, perhaps with the seat arrived, confirmed or at work."""

    def prepare(site: Site) -> None:
        made = sitting_scene.in_site(site.app, site.people[WATCHER], site.people[OFFICER], opened=opened)
        MADE[:] = [made]
        CLIENTS.clear()
        if seat:
            client = _officer(site)
            _post(site, client, "/sittings", {"code": made.code})
            if seat != "arrived":
                _post(site, site.client(WATCHER), f"{_seat(site)}/confirm")
            if seat == "at work":
                _post(site, client, f"/sittings/{made.code}/parts/1")

    return prepare


CLIENTS: list[FlaskClient] = []  # the device of the officer: the seat is bound to its session


def _officer(site: Site) -> FlaskClient:
    if not CLIENTS:
        CLIENTS.append(factories.sign_in(site.app, site.people[OFFICER]))
    return CLIENTS[0]


def _seat(site: Site) -> str:
    made = MADE[0]
    with site.app.app_context():
        return f"/sittings/{made.sitting_id}/seats/{sitting_scene.seat_of(made.sitting_id, made.officers[0]).id}"


def _post(site: Site, client: FlaskClient, path: str, fields: Mapping[str, str] | None = None) -> TestResponse:
    answer = sites.post(site.app, client, path, dict(fields or {}))
    assert answer.status_code == 302, answer.text
    return answer


def _on_sitting(step: str, **fields: str) -> Step:
    def run(site: Site, client: FlaskClient) -> None:
        _post(site, client, f"/sittings/{MADE[0].sitting_id}/{step}", fields)

    return run


def _on_seat(step: str, **fields: str) -> Step:
    def run(site: Site, client: FlaskClient) -> None:
        _post(site, client, f"{_seat(site)}/{step}", fields)

    return run


def _by_officer(step: str) -> Step:
    def run(site: Site, _client: FlaskClient) -> None:
        _post(site, _officer(site), f"/sittings/{MADE[0].code}/{step}")

    return run


def _enter(site: Site, client: FlaskClient) -> None:
    _post(site, client, "/sittings", {"code": MADE[0].code})


def _enter_wrong(site: Site, client: FlaskClient) -> None:
    assert sites.post(site.app, client, "/sittings", {"code": "2222 2222"}).status_code == 422


def _plan(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        alias = sitting_scene.people_alias(site.people[OFFICER])
    fields = {"aims": "PRT-01.foundation", "kind": "group", "officers": alias, "day": "2027-03-02", "at": "09:00"}
    _post(site, client, "/sittings/new", fields)


def _second(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        trainer = sitting_scene.people_alias(site.people["trainer"])
    _on_sitting("invigilators", alias=trainer)(site, client)


def _more(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        colleague = sitting_scene.people_alias(site.people["colleague"])
    _on_sitting("officers", officers=colleague)(site, client)


def _resume(site: Site, client: FlaskClient) -> None:
    _on_sitting("interrupt", note="Fire alarm")(site, client)
    _on_sitting("resume")(site, client)


STEPS: Mapping[str, AuditStep] = {
    "checks.enter_code": AuditStep(_enter, {"SeatArrived"}, prepare=_scene()),
    "checks.enter_code wrong": AuditStep(_enter_wrong, {"SittingCodeRefused"}),
    "checks.create_sitting": AuditStep(_plan, {"SittingPlanned", "SeatPlanned"}, WATCHER, prepare=_scene(opened=False)),
    "checks.open_sitting": AuditStep(_on_sitting("open"), {"SittingOpened"}, WATCHER, prepare=_scene(opened=False)),
    "checks.interrupt_sitting": AuditStep(
        _on_sitting("interrupt", note="Fire alarm"), {"SittingInterrupted"}, WATCHER, prepare=_scene()
    ),
    "checks.resume_sitting": AuditStep(_resume, {"SittingInterrupted", "SittingResumed"}, WATCHER, prepare=_scene()),
    "checks.close_sitting": AuditStep(
        _on_sitting("close", note="No incidents."), {"SittingClosed"}, WATCHER, prepare=_scene()
    ),
    "checks.cancel_sitting": AuditStep(
        _on_sitting("cancel"), {"SittingCancelled"}, WATCHER, prepare=_scene(opened=False)
    ),
    "checks.add_invigilator": AuditStep(_second, {"InvigilatorAdded"}, WATCHER, prepare=_scene()),
    "checks.add_officers": AuditStep(_more, {"SeatPlanned"}, WATCHER, prepare=_scene()),
    "checks.confirm_identity": AuditStep(
        _on_seat("confirm"), {"IdentityConfirmed"}, WATCHER, prepare=_scene(seat="arrived")
    ),
    "checks.move_device": AuditStep(_on_seat("device"), {"SeatMoved"}, WATCHER, prepare=_scene(seat="confirmed")),
    "checks.add_minutes": AuditStep(
        _on_seat("minutes", minutes="5", reason="Dead phone"),
        {"MinutesAdded"},
        WATCHER,
        prepare=_scene(seat="at work"),
    ),
    "checks.refuse_seat": AuditStep(
        _on_seat("refuse", note="Another person"), {"SeatRefused"}, WATCHER, prepare=_scene(seat="arrived")
    ),
    "checks.begin_work": AuditStep(
        _by_officer("parts/1"), {"WorkBegun", "AttemptStarted"}, OFFICER, prepare=_scene(seat="confirmed")
    ),
    "checks.finish_seat": AuditStep(_by_officer("finish"), {"SeatFinished"}, OFFICER, prepare=_scene(seat="confirmed")),
}
