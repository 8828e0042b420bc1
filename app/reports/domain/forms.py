"""The forms of a report as a file."""

from enum import StrEnum


class Form(StrEnum):
    """A form, by the ending of its file."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    JSON = "json"
