"""Views below `/plan`: results and indicators, records behind a figure, what-ifs, figures entered by hand."""

from app.plan.views import drilldown, manual_figures, results, what_if
from app.plan.views._blueprint import bp

__all__ = ["bp", "drilldown", "manual_figures", "results", "what_if"]
