"""Where each target leads."""

from app.access.targets import Target


def path_to(target: Target, *values: object) -> str:
    """Return the path of a target."""
    return ""
