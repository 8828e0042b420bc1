"""Blueprint `directory`, on which the view modules of this folder register their routes."""

from flask import Blueprint

bp = Blueprint("directory", __name__, template_folder="../templates")
