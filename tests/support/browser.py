"""A Chromium for journeys: the system's, else fetched once before the tests (`python -m tests.support.browser`)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

# the headless shell first: it starts no process for a browser window, and the journeys take a fifth less time
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# fonts of every script that the pages use
PACKAGES = ("chromium-headless-shell", "fonts-noto-core")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    # no page lives long enough to pay for the compilers that optimise: without them a page takes a fifth less
    "--js-flags=--no-opt,--no-maglev",
]
ADVICE = (
    "There is no Chromium for the browser tests. Install the package `chromium`,"
    " or run the other tests alone: .venv/bin/python -m pytest -m 'not browser'"
)


def system() -> str | None:
    """Return the path of the system's Chromium: CHROMIUM from the environment, else the first one on the path."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def is_there() -> bool:
    """Say whether the journeys find a browser: the system's, or the one that Playwright keeps."""
    if system():
        return True
    with sync_playwright() as play:
        return Path(play.chromium.executable_path).exists()


def fetch() -> None:
    """Install a Chromium: as root by the system's packages, else into Playwright's own folder."""
    apt = shutil.which("apt-get")
    if apt and hasattr(os, "geteuid") and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _run([apt, "update", "-qq"], quiet)
        _run([apt, "install", "-y", "-qq", "--no-install-recommends", *PACKAGES], quiet)
    else:
        _run([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))


def main() -> None:
    if is_there():
        return
    sys.stderr.write("Fetching a Chromium for the browser tests ...\n")
    fetch()
    if not is_there():
        raise SystemExit(ADVICE)


def _run(command: list[str], environment: dict[str, str]) -> None:
    # what goes wrong is told once, at the end: the next step may still help
    subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
