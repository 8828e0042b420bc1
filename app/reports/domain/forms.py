"""Forms in which a frozen report is drawn."""

from enum import StrEnum


class Form(StrEnum):
    """A form of a report; the value is the ending of its file."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    JSON = "json"


MEDIA_TYPES = {
    Form.PDF: "application/pdf",
    Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.JSON: "application/json",
}
