"""The web server's entry, and where the `flask` command finds the application."""

import gc

from app import cli
from app.factory import create_app
from config import SettingError, from_environment

try:
    app = create_app(from_environment())
except SettingError as error:
    app = cli.without_settings(error, create_app)
# what stands from the start is looked at no more: a full collection took 150 ms in the midst of somebody's page
gc.freeze()
