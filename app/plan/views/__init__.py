"""Views below `/plan` and `/about/colep`: results and indicators, records behind a figure, figures entered by hand."""

from app.plan.views import about, drilldown, manual_figures, results
from app.plan.views._blueprint import bp

__all__ = ["about", "bp", "drilldown", "manual_figures", "results"]
