"""The blueprint of the package."""

from flask import Blueprint

bp = Blueprint("recovery", __name__, template_folder="../templates")
