"""The blueprint of the package."""

from flask import Blueprint

bp = Blueprint("invitations", __name__, template_folder="../templates")
