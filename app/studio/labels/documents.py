"""Names of kinds and forms of documents."""

from flask_babel import gettext as _, pgettext

from app.catalogue.domain.documents import DocumentForm, DocumentKind
from app.catalogue.domain.items import ItemForm


def kind(value: DocumentKind) -> str:
    """Return the name of a kind of document."""
    return {
        DocumentKind.ADVERT: _("Job advert"),
        DocumentKind.CHAT: _("Messages"),
        DocumentKind.PAYSLIP: _("Payslip"),
        DocumentKind.CONTRACT: _("Contract"),
        DocumentKind.LETTER: _("Letter"),
        DocumentKind.TABLE: _("Table"),
        DocumentKind.STATEMENT: _("Bank statement"),
        DocumentKind.FORM: pgettext("document", "Form"),
        DocumentKind.WEBPAGE: _("Web page"),
        DocumentKind.POST: _("Post"),
        DocumentKind.LOG: _("Log"),
        DocumentKind.TRANSCRIPT: _("Transcript"),
        DocumentKind.NOTE: pgettext("document", "Note"),
        DocumentKind.LIST: _("List"),
    }[value]


def form(value: DocumentForm) -> str:
    """Return where documents of a form are shown."""
    return {
        DocumentForm.A: _("In lessons and practice"),
        DocumentForm.B: _("In tests"),
        DocumentForm.RESERVE: _("In watched checks"),
        DocumentForm.NONE: pgettext("document", "Background"),
    }[value]


def paper_form(value: ItemForm) -> str:
    """Return where papers of a form are used."""
    return {
        ItemForm.A: _("In lessons and practice"),
        ItemForm.B: _("In tests"),
        ItemForm.RESERVE: _("In watched checks"),
        ItemForm.PRACTICE: _("In practice only"),
    }[value]
