"""Makes camera files for Chromium out of recorded video: y4m, 1280x720 at 30 frames a second."""

from __future__ import annotations

from pathlib import Path

import av

from tests.serving import ROOT

WIDTH, HEIGHT, FPS = 1280, 720, 30

_REAL = (ROOT.parent / "shared" / "data" / "video" / "bottle-detection.mp4",)
_OWN = (ROOT / "stream_server" / "demo",)


def footage() -> Path | None:
    """Real footage when it lies beside the project, else the project's own demo video, else None."""
    for path in _REAL:
        if path.exists():
            return path
    for folder in _OWN:
        for pattern in ("**/*.mp4", "**/*.mkv"):
            if found := sorted(folder.glob(pattern)):
                return found[0]
    return None


def write_y4m(source: Path, target: Path, seconds: float = 4.0) -> Path:
    """Scale the start of a video into a y4m camera file (about 41 MB a second). Returns ``target``."""
    wanted = round(seconds * FPS)
    with av.open(str(source)) as container, target.open("wb") as out:
        out.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FPS}:1 Ip A1:1 C420jpeg\n".encode())
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        written = 0
        for frame in container.decode(stream):
            # Constant rate: repeat or leave out frames by their time in the source.
            due = round((frame.time or 0.0) * FPS) + 1
            if due <= written:
                continue
            picture = _planes(frame.reformat(WIDTH, HEIGHT, format="yuv420p"))
            while written < min(due, wanted):
                out.write(b"FRAME\n")
                out.write(picture)
                written += 1
            if written >= wanted:
                break
    return target


def _planes(frame: av.VideoFrame) -> bytes:
    """The three planes without the padding at the end of their rows."""
    rows = bytearray()
    for plane in frame.planes:
        data = memoryview(bytes(plane))
        for row in range(plane.height):
            rows += data[row * plane.line_size : row * plane.line_size + plane.width]
    return bytes(rows)
