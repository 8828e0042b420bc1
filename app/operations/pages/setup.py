"""View models of the five steps of the setup of a new site, at `/welcome`, and of what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.i18n.languages import Language
from app.messages.queries import TriedMail
from app.operations.forms.setup import AdministratorForm
from app.sign_in.forms.authentication import CodeForm
from app.web.pages import Page
from config import Mail


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupCodePage(Page):
    """Step 1: the code that the console printed."""

    template: ClassVar[str] = "operations/welcome_code.html"

    form: CodeForm
    site_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAdministratorPage(Page):
    """Step 2: the first administrator."""

    template: ClassVar[str] = "operations/welcome_administrator.html"

    form: AdministratorForm


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupLanguagesPage(Page):
    """Step 3: the interface languages."""

    template: ClassVar[str] = "operations/welcome_languages.html"

    languages: Sequence[Language]
    default: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupMailPage(Page):
    """Step 4: the mail settings and the last test mail."""

    template: ClassVar[str] = "operations/welcome_mail.html"

    mail: Mail
    test_mail: TriedMail | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupStartPage(Page):
    """Step 5: the starter content."""

    template: ClassVar[str] = "operations/welcome_start.html"

    is_wanted: bool
    loaded_at: datetime | None
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStepsPage(Page):
    """The three steps after the setup; `needs_publication`: starter courses are loaded and none is published."""

    template: ClassVar[str] = "operations/welcome_next.html"

    needs_publication: bool
    has_backups: bool
