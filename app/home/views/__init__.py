"""Views of home, one module for each group of pages."""

from app.home.views import country, learning, practice, search, start, treaties
from app.home.views._blueprint import bp

__all__ = ["bp", "country", "learning", "practice", "search", "start", "treaties"]
