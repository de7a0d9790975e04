"""A film of the host: what is played goes into an MP4 as fast as it can be encoded."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from avatar.captions import CaptionCue, cues_of_ended
from avatar.encoder import Encoder, EncoderOptions
from avatar.live import Player
from avatar.performance import CHUNK_S, Ended, Performance, Spoken
from avatar.stage.look import Look
from avatar.stage.stage import Stage, StageOptions


class Film:
    """Owns stage and encoder while its block lasts; then the file is complete."""

    def __init__(
        self, path: Path, lang: str, width: int = 1280, height: int = 720, fps: int = 25, look: Look | None = None
    ) -> None:
        """``path`` decides the container (.mp4). Raises: OutputFailed, StageUnavailable."""
        self.path = path
        self.stage = Stage(StageOptions(width, height, fps, lang), look)
        self.cues: list[CaptionCue] = []
        self._performance = Performance(fps)
        self._encoder = Encoder(str(path), EncoderOptions(width, height, fps))
        self._player = Player(self._performance, self.stage, self._encoder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._encoder.__exit__(kind, error, trace)

    @property
    def seconds(self) -> float:
        """How long it is so far."""
        return self._performance.at_s

    def play(self, spoken: Spoken) -> Ended:
        """Say something, to its end; the pause after it comes with what follows. Raises: OutputFailed."""
        self._performance.say(spoken)
        while True:
            step = self._player.play_step()
            if step.ended is not None and step.ended.spoken is spoken:
                self.cues += cues_of_ended(step.ended)
                return step.ended

    def idle(self, seconds: float) -> None:
        """Stand there and breathe. Raises: OutputFailed."""
        for _ in range(round(seconds / CHUNK_S)):
            self._player.play_step()
