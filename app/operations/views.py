"""The operations page: how jobs, mail, database and disk are, on one screen."""

import platform
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

from flask import Blueprint, current_app, render_template

from app.access.guard import requires
from app.access.policy import Action
from app.accounts import queries as accounts
from app.i18n.languages import direction
from app.kernel import clock
from app.messages import queries as messages
from app.messages import rendering
from app.operations import domain, queries
from config import Mode, Settings

bp = Blueprint("operations", __name__, template_folder="templates")
LETTERS = 12
PACKAGES = ("flask", "sqlalchemy", "granian")


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail of the demonstration that would have gone out."""

    alias: str
    language: str
    dir: str
    subject: str
    lines: tuple[str, ...]
    at: datetime


@bp.get("/operations")
@requires(Action.SEE_OPERATIONS)
def show() -> str:
    """Show how everything is."""
    settings: Settings = current_app.extensions["settings"]
    real_now = clock.real_now()
    disk = queries.disk(settings.media_path)
    return render_template(
        "operations/show.html",
        jobs=queries.lines(current_app.extensions["jobs"], real_now),
        mails=messages.counts(),
        mail_host=bool(settings.mail.host),
        demo=settings.mode is Mode.DEMO,
        letters=_letters() if settings.mode is Mode.DEMO else [],
        disk=disk,
        disk_short=domain.short_of_space(disk.free, disk.total),
        database=queries.database(),
        failed=accounts.failed_sign_ins(real_now - timedelta(hours=1)),
        versions=[("Python", platform.python_version()), *((name, version(name)) for name in PACKAGES)],
    )


def _letters() -> list[Sent]:
    sent = messages.last_sent(LETTERS)
    people = accounts.addressees({mail.recipient_id for mail in sent if mail.recipient_id})
    letters = []
    for mail in sent:
        if mail.recipient_id is None or (to := people.get(mail.recipient_id)) is None or mail.sent_at is None:
            continue
        words = rendering.letter(mail.kind, mail.facts, to.language)
        dir_ = direction(to.language)
        letters.append(Sent(to.alias, to.language, dir_, words.subject, words.lines, mail.sent_at))
    return letters
