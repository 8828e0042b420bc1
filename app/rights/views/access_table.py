"""Views of `/about/who-sees-what`, the public table of permissions, as a page and as a file."""

from flask import current_app
from flask.typing import ResponseReturnValue

from app.access import access_table
from app.i18n.languages import current, direction
from app.rights.pages.access_table import access_table_page, export_heads, export_rows
from app.rights.views._blueprint import bp
from app.web.pages import render
from app.web.table_files import send_csv, send_sheet


@bp.get("/about/who-sees-what")
def show_access_table() -> ResponseReturnValue:
    """Show the permissions of each role, by role and by subject."""
    return render(access_table_page())


@bp.get("/about/who-sees-what.<file:form>")
def access_table_export(form: str) -> ResponseReturnValue:
    """Send all routes with their actions and the roles that may request them, as CSV or spreadsheet."""
    heads = export_heads()
    rows = export_rows(access_table.routes(current_app._get_current_object()))  # type: ignore[attr-defined]  # noqa: SLF001
    if form == "csv":
        return send_csv("who-sees-what", heads, list(rows))
    return send_sheet("who-sees-what", heads, rows, right_to_left=direction(current()) == "rtl")
