"""HTML of a report for WeasyPrint.

The environment is one of its own: services do not see the Flask application, and these templates need nothing of it.
"""

from collections.abc import Sequence
from functools import cache

from flask_babel import force_locale, gettext
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from app.i18n.languages import direction
from app.reports.domain.document import ReportDocument
from app.reports.service.arrangement import ArrangedBlock, arrange
from app.web.html.whitespace import Indentation


def report_html(document: ReportDocument, sha256: str, look: str) -> str:
    """Return the page of a report without unsafe characters; `look` is the class of its body after "kind-"."""
    return _environment().get_template("reports/pdf.html").render(document=document, sha256=sha256, look=look)


def charts_html(charts: Sequence[ArrangedBlock], language: str, title: str) -> str:
    """Return a page with drawings only."""
    with force_locale(language.replace("-", "_")):
        template = _environment().get_template("reports/charts.html")
        return template.render(charts=charts, language=language, title=title, target=gettext("Target"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("app.reports"), PackageLoader("app")]),  # with the shared components
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[Indentation],
    )
    environment.filters["direction"] = direction
    environment.globals["report_layout"] = arrange
    return environment
