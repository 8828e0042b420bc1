"""Views below `/plan` and `/about/colep`: results, indicators, records behind a figure, what-ifs, figures by hand."""

from app.plan.views import about, drilldown, manual_figures, results, value_sheets, what_if
from app.plan.views._blueprint import bp

__all__ = ["about", "bp", "drilldown", "manual_figures", "results", "value_sheets", "what_if"]
