"""Convert a video with ffmpeg, a child process with limits of time, memory and size; without ffmpeg nothing is done."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from app.catalogue.domain.media import SMALL, SOUND, VARIANTS
from app.kernel.pictures import RefusedPictureError
from app.studio.domain.media_kinds import RECORDING_BYTES, clean_medium

try:
    import resource
except ImportError:  # Windows: the time limit alone
    resource = None  # type: ignore[assignment]

LONGEST = 600  # seconds for one variant
MEMORY = 1024**3  # bytes
_DEMUXERS = {"mp4": "mov", "webm": "matroska"}  # named: another format could name files of this machine
_VIDEO = ("-map", "0:v:0", "-map", "0:a:0?", "-vf", "scale=-2:min(360\\,ih)", "-c:v", "libx264", "-preset", "veryfast")
_COMMANDS = {
    SMALL: (*_VIDEO, "-crf", "28", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "64k", "-ac", "1", "-f", "mp4"),
    SOUND: ("-map", "0:a:0", "-c:a", "libmp3lame", "-b:a", "48k", "-ac", "1", "-f", "mp3"),
}


def is_available() -> bool:
    """Return whether ffmpeg is installed."""
    return shutil.which("ffmpeg") is not None


def variants(content: bytes, ending: str) -> dict[str, bytes]:
    """Return the variants of a video that are smaller than it, without metadata; {} if ffmpeg cannot read it."""
    smaller: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="video-") as folder:
        source = Path(folder) / f"source.{ending}"
        source.write_bytes(content)
        for variant, ending_of_variant in VARIANTS.items():
            converted = _converted(source, Path(folder) / f"{variant}.{ending_of_variant}", variant)
            if 0 < len(converted) < len(content):
                smaller[variant] = converted
    return smaller


def _converted(source: Path, target: Path, variant: str) -> bytes:
    """Return the cleaned variant, or b"" if there is none."""
    demuxer = _DEMUXERS[source.suffix.removeprefix(".")]
    command = [
        "ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file",
        "-threads", "1", "-f", demuxer, "-i", str(source), "-map_metadata", "-1", *_COMMANDS[variant],
        "-threads", "1", "-y", str(target),
    ]  # fmt: skip
    if not _runs(command) or not target.exists():
        return b""
    try:
        return clean_medium(target.read_bytes()).content
    except RefusedPictureError:
        return b""


def _runs(command: list[str]) -> bool:
    process = subprocess.Popen(  # noqa: S603 - a fixed command; the names are ours
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _limit(process.pid)
    try:
        return process.wait(timeout=LONGEST) == 0
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False


def _limit(process_id: int) -> None:
    """Limit memory, processor time and the size of files of a process that has just started (Linux)."""
    if resource is None or not hasattr(resource, "prlimit"):
        return
    limits = ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, LONGEST), (resource.RLIMIT_FSIZE, RECORDING_BYTES))
    try:
        for kind, limit in limits:
            resource.prlimit(process_id, kind, (limit, limit))
    except ProcessLookupError:
        pass  # it has ended
