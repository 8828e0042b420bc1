"""Views of `/people/<id>/roles`, `/people/<id>/supervisor` and `/about/who-sees-what`."""

from app.rights.views import access_table, roles, supervision
from app.rights.views._blueprint import bp

__all__ = ["access_table", "bp", "roles", "supervision"]
