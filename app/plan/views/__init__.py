"""Views below `/plan` and `/about/colep`: results, indicators, records, what-ifs, figures, targets, quarters."""

from app.plan.views import (
    about,
    drilldown,
    manual_figures,
    periods,
    planned_needs,
    results,
    target_split,
    targets,
    value_sheets,
    what_if,
)
from app.plan.views._blueprint import bp

__all__ = [
    "about", "bp", "drilldown", "manual_figures", "periods", "planned_needs", "results", "target_split", "targets",
    "value_sheets", "what_if",
]  # fmt: skip
