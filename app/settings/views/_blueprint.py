"""Blueprint `settings`: the routes at /settings of the modules in this folder."""

from flask import Blueprint

bp = Blueprint("settings", __name__, template_folder="../templates")
