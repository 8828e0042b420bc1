"""The blueprint of operations, which all view modules of the package import."""

from flask import Blueprint

bp = Blueprint("operations", __name__, template_folder="../templates")
