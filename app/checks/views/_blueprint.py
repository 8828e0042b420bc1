"""Blueprint `checks`: the routes at /sittings and /teaching/marking of the modules in this folder."""

from flask import Blueprint

bp = Blueprint("checks", __name__, template_folder="../templates")
