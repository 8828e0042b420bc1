"""Views of `/country/officers`, `/country/claims` and `/supervision`."""

from app.competence.views import officers, supervision
from app.competence.views._blueprint import bp

__all__ = ["bp", "officers", "supervision"]
