"""The blueprint of the studio."""

from flask import Blueprint

bp = Blueprint("studio", __name__, template_folder="../templates")
