"""Blueprint `workshops`: the routes at /workshops and /teaching of the modules in this folder."""

from flask import Blueprint

bp = Blueprint("workshops", __name__, template_folder="../templates")
