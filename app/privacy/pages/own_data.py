"""View models of `/settings/my-data` (export, erasure request) and of the erasure of an officer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask_babel import gettext as _

from app.directory.queries.officers import OfficerPostings
from app.privacy.forms import ErasureForm
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDataPage(Page):
    """Export of the own data and the erasure request; `asked_at` is None without a request."""

    template: ClassVar[str] = "privacy/own_data.html"

    is_reauthenticated: bool
    errors: tuple[tuple[str, str], ...]
    export_error: str
    erasure_error: str
    asked_at: datetime | None
    has_contact_point: bool  # another contact point of the country decides


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasurePage(Page):
    """The consequences of erasing an officer who asked for it; `decides` is False for a deputy."""

    template: ClassVar[str] = "privacy/erasure.html"
    officer: OfficerPostings
    consequences: Sequence[str]
    form: ErasureForm
    recently_authenticated: bool
    decides: bool


def consequences(alias: str) -> list[str]:
    """Return the consequences of an erasure, as texts."""
    return [
        _("The name, the mail address, the service number and all sign-in data are deleted permanently."),
        _("%(alias)s becomes a neutral alias. The account is closed for good.", alias=alias),
        _("The officer's results remain under an anonymous number, so that no figure changes."),
        _("This cannot be undone, not even by an administrator."),
    ]
