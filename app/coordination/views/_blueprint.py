"""The blueprint `coordination`."""

from flask import Blueprint

bp = Blueprint("coordination", __name__, template_folder="../templates")
