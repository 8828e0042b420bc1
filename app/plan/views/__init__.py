"""Views below `/plan`: results and indicators, records behind a figure, figures entered by hand."""

from app.plan.views import drilldown, manual_figures, results
from app.plan.views._blueprint import bp

__all__ = ["bp", "drilldown", "manual_figures", "results"]
