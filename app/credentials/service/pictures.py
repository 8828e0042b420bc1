"""The pictures that carry a badge: the mark of the academy, a thread from a full node to an open one."""

import io
from functools import cache

from PIL import Image, ImageDraw

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="400" height="400" role="img"'
    ' aria-label="COLEP Academy"><rect width="32" height="32" rx="7" fill="#0b5563"/>'
    '<path d="M8.5 23C19 23 12 9 20.7 9" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/>'
    '<circle cx="8.5" cy="23" r="3.2" fill="#fff"/>'
    '<circle cx="23.5" cy="9" r="2.6" fill="none" stroke="#fff" stroke-width="2.2"/></svg>'
)
_SIZE, _SCALE = 400, 4  # drawn larger, then made smaller: smooth edges
_ACCENT, _WHITE = "#0b5563", "#ffffff"
_POINTS = ((8.5, 23.0), (19.0, 23.0), (12.0, 9.0), (20.7, 9.0))  # of the thread, in units of the SVG


@cache
def png() -> bytes:
    """Return the mark as PNG."""
    unit = _SIZE * _SCALE / 32
    picture = Image.new("RGBA", (_SIZE * _SCALE, _SIZE * _SCALE))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((0, 0, 32 * unit - 1, 32 * unit - 1), 7 * unit, fill=_ACCENT)
    for step in range(401):
        x, y = _on_curve(step / 400)
        pen.ellipse(_circle(x, y, 1.2, unit), fill=_WHITE)
    pen.ellipse(_circle(8.5, 23, 3.2, unit), fill=_WHITE)
    pen.ellipse(_circle(23.5, 9, 3.7, unit), fill=_WHITE)
    pen.ellipse(_circle(23.5, 9, 1.5, unit), fill=_ACCENT)
    file = io.BytesIO()
    picture.resize((_SIZE, _SIZE), Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
    return file.getvalue()


def _on_curve(at: float) -> tuple[float, float]:
    """Return a point of the cubic Bezier curve of the thread; `at` from 0 to 1."""
    weights = ((1 - at) ** 3, 3 * (1 - at) ** 2 * at, 3 * (1 - at) * at**2, at**3)
    x = sum(weight * point[0] for weight, point in zip(weights, _POINTS, strict=True))
    y = sum(weight * point[1] for weight, point in zip(weights, _POINTS, strict=True))
    return x, y


def _circle(x: float, y: float, radius: float, unit: float) -> tuple[float, float, float, float]:
    return (x - radius) * unit, (y - radius) * unit, (x + radius) * unit, (y + radius) * unit
