"""Forms of a new document, and of the facts of a document."""

from datetime import date

import msgspec
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from app.access.policy import Sensitivity
from app.catalogue.domain.course_reader import SLUG
from app.catalogue.domain.documents import DocumentFacts, DocumentForm, DocumentKind
from app.catalogue.domain.targets import DOCUMENT_ID
from app.studio import labels
from app.studio.labels import documents as document_labels
from app.web.forms import Form, OneOfField, trimmed


class NewDocumentForm(Form):
    """A new document of a course; without an id it gets the next one."""

    kind = OneOfField(_("Kind"))
    title = StringField(
        _("Title"),
        [DataRequired(_("Enter a title.")), Length(max=200, message=_("Enter at most 200 characters."))],
        filters=[trimmed],
    )
    id = StringField(
        _("Document id"),
        [
            Optional(),
            Regexp(rf"{DOCUMENT_ID}\Z", message=_("Use the id of the course with D and a number, such as M07-D01.")),
        ],
        filters=[trimmed],
    )

    def offer(self) -> None:
        """Set the kinds to choose from."""
        self.kind.offer([(str(kind), document_labels.kind(kind)) for kind in DocumentKind])


class DocumentFactsForm(Form):
    """The facts of a document in `documents.toml`; `checked_today`: its names and numbers were checked today."""

    form = OneOfField(_("Use"))
    family = StringField(
        _("Family"),
        [
            Optional(),
            Length(max=60, message=_("Enter at most 60 characters.")),
            Regexp(rf"{SLUG}\Z", message=_("Use small letters, digits and single hyphens, such as payslips.")),
        ],
        filters=[trimmed],
    )
    sensitivity = OneOfField(_("Who may see it"))
    warning = OneOfField(
        _("Warning"),
        [("0", _("None")), ("1", _("Sensitive, mild")), ("2", _("Sensitive, strong"))],
    )
    checked_today = BooleanField(_("I checked today that names, numbers and addresses are invented"))

    def offer(self) -> None:
        """Set the forms and sensitivities to choose from."""
        self.form.offer([(str(form), document_labels.form(form)) for form in DocumentForm])
        self.sensitivity.offer([(str(level), labels.sensitivity(level)) for level in Sensitivity])

    def facts(self, before: DocumentFacts, today: date) -> DocumentFacts:
        """Return the facts of a document with the submitted ones."""
        return msgspec.structs.replace(
            before,
            form=DocumentForm(self.form.data),
            family=self.family.data or "",
            sensitivity=Sensitivity(self.sensitivity.data),
            warning=int(self.warning.data),
            checked_fiction_on=today if self.checked_today.data else before.checked_fiction_on,
        )


def facts_form(facts: DocumentFacts) -> DocumentFactsForm:
    """Return the form with the facts of a document."""
    form = DocumentFactsForm(
        None,
        form=str(facts.form),
        family=facts.family,
        sensitivity=str(facts.sensitivity),
        warning=str(facts.warning),
    )
    form.offer()
    return form
