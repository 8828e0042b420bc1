"""Send the table of a page as a CSV or XLSX file; shared by the views of the plan."""

from collections.abc import Iterable, Mapping

from flask.typing import ResponseReturnValue

from app.i18n.languages import current, direction
from app.web import table_files

FILES = "<file:form>"
NONE: Mapping[str, str] = {"form": ""}  # the page itself


def send(form: str, name: str, table: tuple[table_files.Row, Iterable[table_files.Row]]) -> ResponseReturnValue:
    """Send a table as a CSV file if `form` is "csv", else as an XLSX file."""
    heads, rows = table
    if form == "csv":
        return table_files.send_csv(name, heads, rows)
    return table_files.send_sheet(name, heads, rows, right_to_left=direction(current()) == "rtl")
