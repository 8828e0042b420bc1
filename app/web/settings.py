"""The settings of the application, typed."""

from typing import cast

from flask import Flask, current_app

from app.db.stores import media_store
from config import Settings

_KEY = "settings"


def init_app(app: Flask, settings: Settings) -> None:
    """Store the settings in the application, and let it read media from where they say."""
    app.extensions[_KEY] = settings
    media_store.init_app(app, settings)


def settings(app: Flask | None = None) -> Settings:
    """Return the settings of an application, or of the current one."""
    return cast("Settings", (app or current_app).extensions[_KEY])


def has_settings() -> bool:
    """Return whether the current application was built with settings."""
    return _KEY in current_app.extensions
