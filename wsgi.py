"""The web server's entry, and where the `flask` command finds the application."""

import gc

gc.disable()  # to load modules leaves no garbage, and the search for it took a sixth of the time to start

from app import cli  # noqa: E402 - after the line above
from app.factory import create_app  # noqa: E402
from config import SettingError, from_environment  # noqa: E402

try:
    app = create_app(from_environment())
except SettingError as error:
    app = cli.without_settings(error, create_app)
# what exists from the start is left out of later searches: a full one took 150 ms in the middle of a request
gc.freeze()
gc.enable()
