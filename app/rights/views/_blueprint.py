"""The blueprint of the package."""

from flask import Blueprint

bp = Blueprint("rights", __name__, template_folder="../templates")
