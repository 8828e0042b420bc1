"""Blueprint `credentials`: the routes at /credentials and /verify of the modules in this folder."""

from flask import Blueprint

bp = Blueprint("credentials", __name__, template_folder="../templates")
