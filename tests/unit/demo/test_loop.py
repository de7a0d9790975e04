from __future__ import annotations

from pathlib import Path

import av
import pytest

from stream_server.demo import loop as loops
from stream_server.demo.loop import LoopTooLong, read_loop


def test_a_file_without_sound_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "silent.mp4"
    with av.open(str(file), "w") as out:
        video = out.add_stream("libx264", rate=30)
        video.width = video.height = 64
        video.pix_fmt = "yuv420p"
        for _ in range(3):
            out.mux(video.encode(av.VideoFrame(64, 64, "yuv420p")))
        out.mux(video.encode(None))
    with pytest.raises(ValueError, match=r"one H\.264 and one Opus"):
        read_loop(file)


def test_a_file_that_is_no_film_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "text.mp4"
    file.write_text("not a film")
    with pytest.raises(av.FFmpegError):
        read_loop(file)


def test_a_file_that_fills_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "long.mp4"
    file.write_bytes(b"0" * 100)
    monkeypatch.setattr(loops, "MAX_FILE_BYTES", 99)
    with pytest.raises(LoopTooLong):
        read_loop(file)
