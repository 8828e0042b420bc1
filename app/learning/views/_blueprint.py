"""Blueprint `learning`: the routes at /courses, /lessons and /suggestions of the modules in this folder."""

from flask import Blueprint

bp = Blueprint("learning", __name__, template_folder="../templates")
