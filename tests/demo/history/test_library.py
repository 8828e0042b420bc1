from collections.abc import Callable
from pathlib import Path

import pytest

from app.demo.history import library


def test_courses_are_rendered_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[object] = []
    monkeypatch.setattr(library, "render", lambda folders: rendered.append(folders) or ["stock"])
    kept = tmp_path / "rendered"
    keep: Callable[[bytes], object] = kept.write_bytes
    results = [library.render_once([tmp_path], kept, keep) for _start in range(2)]
    assert (results, len(rendered)) == ([["stock"], ["stock"]], 1)
