"""View model of the form that uploads a file to import it into a course."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.i18n.languages import current, language_name
from app.studio.domain.exchange.word_template_texts import TEXTS
from app.studio.domain.import_kinds import ImportKind, most_bytes
from app.studio.forms.exchange import UploadForm
from app.studio.pages.exchange_labels import megabytes
from app.studio.pages.header import CourseHeader, header
from app.studio.queries import checked, uploads
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page

ENDPOINT = "studio.show_import"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateLink:
    """A Word template to download."""

    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadLine:
    """A file that the user uploaded and did not import."""

    name: str
    href: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPage(Page):
    """The form, the Word templates, and the files that wait for their import."""

    template: ClassVar[str] = "studio/import.html"
    head: CourseHeader
    form: UploadForm
    templates: Sequence[TemplateLink]
    uploads: Sequence[UploadLine]
    limits: str


def page(workspace: Workspace, form: UploadForm, person_id: UUID) -> UploadPage:
    """Return the page of the form."""
    return UploadPage(
        head=header(workspace, checked.checked(workspace).folder, ENDPOINT),
        form=form,
        templates=_templates(workspace),
        uploads=[
            UploadLine(
                name=upload.file_name,
                href=url_for("studio.show_upload", course=workspace.slug, digest=upload.digest),
                uploaded_at=upload.uploaded_at,
            )
            for upload in uploads.own_uploads(workspace, person_id)
        ],
        limits=_(
            "At most %(text)s for questions, %(word)s for Word, %(course)s for a whole course.",
            text=megabytes(most_bytes(ImportKind.GIFT)),
            word=megabytes(most_bytes(ImportKind.WORD_LESSON)),
            course=megabytes(most_bytes(ImportKind.COURSE)),
        ),
    )


def _templates(workspace: Workspace) -> list[TemplateLink]:
    """Return the templates in the user's language, then in English."""
    links = []
    for name, label in (("questions", _("Word template for questions")), ("lesson", _("Word template for lessons"))):
        for language in dict.fromkeys((current(), "en")):
            if language in TEXTS:
                href = url_for("studio.word_template", course=workspace.slug, name=f"{name}.{language}.docx")
                links.append(TemplateLink(label=f"{label} ({language_name(language)})", href=href))
    return links
