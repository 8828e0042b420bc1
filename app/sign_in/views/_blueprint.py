"""The blueprint `sign_in`."""

from flask import Blueprint

bp = Blueprint("sign_in", __name__, template_folder="../templates")
