"""Views below `/plan` and `/about/colep`: results, indicators, records, what-ifs, figures by hand, locked quarters."""

from app.plan.views import about, drilldown, manual_figures, periods, results, what_if
from app.plan.views._blueprint import bp

__all__ = ["about", "bp", "drilldown", "manual_figures", "periods", "results", "what_if"]
