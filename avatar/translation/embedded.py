"""The project's own translation models: CTranslate2 (int8, one thread) and SentencePiece, one folder each.

``model.bin`` and ``shared_vocabulary.json`` as converted by `training.finish`, ``pieces.model``, ``card.json``, and
``checksums.txt`` in the format of ``sha256sum``. The target language is the first piece of the source (``<2es>``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from avatar.translation.engine import Direction, Draft, ModelInfo, ModelRefused

FILES: Final = ("model.bin", "pieces.model", "shared_vocabulary.json", "config.json")
NOT_INSTALLED: Final = "CTranslate2 is not installed (pip install 'vitrine[translation]')"
CHECKSUMS: Final = "checksums.txt"
SHIPPED: Final = Path(__file__).parent / "weights"
DIRECTIONS: Final[dict[str, frozenset[Direction]]] = {
    "en2x": frozenset({("en", "es"), ("en", "zh")}),
    "x2en": frozenset({("es", "en"), ("zh", "en")}),
}
"""What the shipped folders translate; a card with ``directions`` has the last word."""
_MOST_PIECES = 160
_BATCH_PIECES = 2048


class EmbeddedModel:
    """One model, loaded. Raises ModelRefused on opening what is missing or damaged."""

    keeps_placeholders = True

    def __init__(self, folder: Path) -> None:
        card = _checked(folder)
        self.info = ModelInfo(str(card.get("name", folder.name)), str(card.get("licence", "unknown")))
        self.directions = _directions(card, folder.name)
        try:
            import ctranslate2
            import sentencepiece

            self._pieces: Any = sentencepiece.SentencePieceProcessor(model_file=str(folder / "pieces.model"))
            self._model: Any = ctranslate2.Translator(
                str(folder), device="cpu", compute_type="int8", inter_threads=1, intra_threads=1
            )
        except ImportError as error:
            raise ModelRefused(folder.name, NOT_INSTALLED) from error
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelRefused(folder.name, f"its files are damaged: {str(error)[:200]}") from error

    def translate(
        self, lines: Sequence[str], direction: Direction, items: Sequence[tuple[str, ...]]
    ) -> list[Draft | None]:
        """See `Engine.translate`; greedy, at most twice as long as the source."""
        del items  # a small model takes no advice
        rows = [self._pieces.encode(f"<2{direction[1]}> {line}", out_type=str) for line in lines]
        told = [n for n, row in enumerate(rows) if len(row) <= _MOST_PIECES]
        drafts: list[Draft | None] = [None] * len(lines)
        if not told:
            return drafts
        results = self._model.translate_batch(
            [[*rows[n], "</s>"] for n in told],
            beam_size=1,
            max_batch_size=_BATCH_PIECES,
            batch_type="tokens",
            max_decoding_length=2 * max(len(rows[n]) for n in told) + 16,
            return_scores=True,
            disable_unk=True,
        )
        for n, result in zip(told, results, strict=True):
            drafts[n] = Draft(self._pieces.decode(result.hypotheses[0]), float(result.scores[0]))
        return drafts

    def close(self) -> None:
        """Give the weights back."""
        self._model.unload_model()


def _checked(folder: Path) -> dict[str, Any]:
    """The card of a folder whose files are all there and, where it has checksums, unharmed."""
    absent = [name for name in FILES if not (folder / name).is_file()]
    if absent:
        raise ModelRefused(folder.name, f"{', '.join(absent)} missing in {folder}")
    sums = folder / CHECKSUMS
    for line in sums.read_text("utf-8").splitlines() if sums.is_file() else ():
        expected, _, name = line.partition("  ")
        if name not in FILES or hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected:
            raise ModelRefused(folder.name, f"{name} is not the file that was shipped")
    card = folder / "card.json"
    try:
        read = json.loads(card.read_text("utf-8")) if card.is_file() else {}
    except (ValueError, OSError) as error:
        raise ModelRefused(folder.name, "its card cannot be read") from error
    return read if isinstance(read, dict) else {}


def _directions(card: dict[str, Any], name: str) -> frozenset[Direction]:
    named = card.get("directions")
    if isinstance(named, list):
        pairs = [str(pair).split("-") for pair in named]
        return frozenset((pair[0], pair[1]) for pair in pairs if len(pair) == 2)
    return DIRECTIONS.get(str(card.get("name", name)), DIRECTIONS.get(name, frozenset()))
