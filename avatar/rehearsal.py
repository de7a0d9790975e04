"""A rehearsal: the director goes through a rundown, the host says it into a film; price and stock are the file's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from avatar.direction.director import Director, DirectorOptions
from avatar.direction.ports import MemorySpeechLog
from avatar.film import Film
from avatar.live_facts import RehearsalShop
from avatar.performance import Spoken
from avatar.rundown_file import PlannedShow
from avatar.speech.voices import open_voices
from avatar.stage.scenery import MAX_PICTURE_BYTES

LONGEST_S = 3600.0
MAX_LINES = 2000
_ENDINGS = (".webp", ".png", ".jpg", ".jpeg")


class FilmClock:
    """The film's own time; a fixed date keeps rehearsals of the same rundown alike."""

    def __init__(self, film: Film, start: datetime = datetime(2026, 11, 1, 18, 0, tzinfo=UTC)) -> None:
        self._film, self._start = film, start

    def now(self) -> datetime:
        """The time of day in the film, in UTC."""
        return self._start + timedelta(seconds=self._film.seconds)

    def monotonic_s(self) -> float:
        """Seconds of film."""
        return self._film.seconds

    def show_ms(self) -> int:
        """Milliseconds of film."""
        return round(self._film.seconds * 1000)


async def rehearse(
    plan: PlannedShow, film: Film, lang: str, seconds: float = 0.0, pictures: Path | None = None
) -> None:
    """Say ``plan`` into ``film`` for ``seconds``; 0: as long as its items are planned for, at most an hour.

    Raises: what `Film.play` and the voices raise; BadRundown.
    """
    limit_s = min(seconds or sum(item.seconds for item in plan.rundown.items) or 60.0, LONGEST_S)
    if pictures is not None:
        for product_id in plan.products:
            _load_picture(film, pictures, product_id)
    director = Director(
        plan.rundown,
        plan.products,
        RehearsalShop(dict(plan.products)),
        FilmClock(film),
        MemorySpeechLog(),
        DirectorOptions(lang=lang, market=plan.market),
    )
    async with open_voices() as voices:
        for _ in range(MAX_LINES):
            if film.seconds >= limit_s:
                break
            line = await director.next_line()
            if line is None:
                break
            film.play(
                Spoken(
                    await voices.say(line.text, line.lang),
                    gesture=line.gesture,
                    beat=line.beat,
                    product_id=line.product_id,
                    question=line.question.text if line.question else None,
                    pause_after_s=line.pause_after_s,
                    key=line.id,
                )
            )


def _load_picture(film: Film, folder: Path, product_id: str) -> None:
    # A product id is the file's word, not a path.
    name = Path(product_id).name
    for ending in _ENDINGS:
        file = folder / f"{name}{ending}"
        if file.is_file() and file.stat().st_size <= MAX_PICTURE_BYTES:
            film.stage.set_picture(product_id, file.read_bytes())
            return
