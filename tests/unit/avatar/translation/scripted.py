"""A translation engine that says what a test tells it to, and keeps to the port."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from avatar.translation.engine import Direction, Draft, ModelInfo

ALL = frozenset({("en", "es"), ("en", "zh"), ("es", "en"), ("zh", "en")})


class ScriptedEngine:
    """``says`` makes a draft of a line and its direction."""

    def __init__(
        self,
        says: Callable[[str, Direction], str | Draft | None],
        directions: frozenset[Direction] = ALL,
        *,
        keeps_placeholders: bool = True,
    ) -> None:
        self.info = ModelInfo("scripted", "Apache-2.0")
        self.directions = directions
        self.keeps_placeholders = keeps_placeholders
        self.asked: list[tuple[str, Direction]] = []
        self._says = says

    def translate(
        self, lines: Sequence[str], direction: Direction, items: Sequence[tuple[str, ...]]
    ) -> list[Draft | None]:
        assert len(items) == len(lines)
        self.asked += [(line, direction) for line in lines]
        said = [self._says(line, direction) for line in lines]
        return [Draft(text, -0.1) if isinstance(text, str) else text for text in said]

    def close(self) -> None:
        pass
