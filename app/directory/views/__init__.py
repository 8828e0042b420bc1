"""Views of `/people`, of the pages of a person below it, and of `/country/settings`."""

from app.directory.views import country_settings, extra_time, people, person, posting
from app.directory.views._blueprint import bp

__all__ = ["bp", "country_settings", "extra_time", "people", "person", "posting"]
