"""Folders with other people's translation models: converted for CTranslate2, or as Hugging Face keeps Marian models.

Understood are OPUS-MT/Marian (``source.spm``, ``target.spm``), M2M100 and NLLB style language tokens (``__es__``) and
Madlad style tags (``<2es>``), told by their vocabulary. Unless that has the project's placeholders, such a model gets
plain text, and a draft is shown only when every price, code and name came out to the letter.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from avatar.translation.embedded import NOT_INSTALLED
from avatar.translation.engine import Direction, Draft, Engine, ModelInfo, ModelRefused
from avatar.translation.masking import SYMBOLS

_VOCABULARIES: Final = ("shared_vocabulary.json", "source_vocabulary.json", "shared_vocabulary.txt", "vocab.json")
_PIECES: Final = ("source.spm", "pieces.model", "sentencepiece.bpe.model", "spiece.model", "sentencepiece.model")
_MOST_PIECES: Final = 200

logger = logging.getLogger(__name__)


def open_folder(folder: Path, directions: frozenset[Direction], info: ModelInfo) -> Engine:
    """The model in ``folder``. Raises: ModelRefused."""
    if not folder.is_dir():
        raise ModelRefused(info.name, f"there is no folder {folder}")
    try:
        if (folder / "model.bin").is_file():
            return ConvertedModel(folder, directions, info)
        if (folder / "config.json").is_file():
            return MarianModel(folder, directions, info)
    except ImportError as error:
        missing = NOT_INSTALLED if (folder / "model.bin").is_file() else "transformers and torch are not installed"
        raise ModelRefused(info.name, missing) from error
    except (RuntimeError, ValueError, OSError, LookupError) as error:
        raise ModelRefused(info.name, f"its files cannot be used: {str(error)[:200]}") from error
    raise ModelRefused(info.name, f"{folder} holds neither a CTranslate2 nor a Hugging Face model")


def _vocabulary(folder: Path) -> frozenset[str]:
    for name in _VOCABULARIES:
        if (folder / name).is_file():
            text = (folder / name).read_text("utf-8")
            return frozenset(text.split("\n")) if name.endswith(".txt") else frozenset(json.loads(text))
    return frozenset()


class ConvertedModel:
    """A CTranslate2 directory."""

    def __init__(self, folder: Path, directions: frozenset[Direction], info: ModelInfo) -> None:
        import ctranslate2
        import sentencepiece

        self.info, self.directions = info, directions
        vocabulary = _vocabulary(folder)
        self._has_tags = any(f"<2{target}>" in vocabulary for _, target in directions)
        self._has_tokens = all(f"__{code}__" in vocabulary for pair in directions for code in pair)
        self.keeps_placeholders = all(symbol in vocabulary for symbol in SYMBOLS)
        source = next((folder / name for name in _PIECES if (folder / name).is_file()), None)
        if source is None:
            raise ModelRefused(info.name, f"none of {', '.join(_PIECES)} is in {folder}")
        target = folder / "target.spm" if (folder / "target.spm").is_file() else source
        self._source: Any = sentencepiece.SentencePieceProcessor(model_file=str(source))
        self._target: Any = sentencepiece.SentencePieceProcessor(model_file=str(target))
        self._model: Any = ctranslate2.Translator(str(folder), device="auto", compute_type="auto", intra_threads=1)

    def translate(
        self, lines: Sequence[str], direction: Direction, items: Sequence[tuple[str, ...]]
    ) -> list[Draft | None]:
        """See `Engine.translate`."""
        del items
        rows = [self._row(line, direction) for line in lines]
        prefix = [[f"__{direction[1]}__"]] * len(rows) if self._has_tokens else None
        try:
            results = self._model.translate_batch(
                rows,
                target_prefix=prefix,
                beam_size=2,
                max_batch_size=1024,
                batch_type="tokens",
                max_decoding_length=2 * max(map(len, rows), default=0) + 16,
                return_scores=True,
                disable_unk=True,
            )
        except (RuntimeError, ValueError):
            logger.exception("%s fails", self.info.name)
            return [None] * len(lines)
        skipped = 1 if prefix else 0
        return [Draft(self._target.decode(r.hypotheses[0][skipped:]), float(r.scores[0])) for r in results]

    def close(self) -> None:
        """Give the weights back."""
        self._model.unload_model()

    def _row(self, line: str, direction: Direction) -> list[str]:
        tagged = f"<2{direction[1]}> {line}" if self._has_tags else line
        pieces: list[str] = self._source.encode(tagged, out_type=str)[:_MOST_PIECES]
        return [*([f"__{direction[0]}__"] if self._has_tokens else []), *pieces, "</s>"]


class MarianModel:
    """A Hugging Face directory of an encoder-decoder, with transformers and torch (extra ``avatar-llm``)."""

    def __init__(self, folder: Path, directions: frozenset[Direction], info: ModelInfo) -> None:
        import torch
        from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

        self.info, self.directions = info, directions
        vocabulary = _vocabulary(folder)
        self._has_tags = any(f"<2{target}>" in vocabulary for _, target in directions)
        self.keeps_placeholders = all(symbol in vocabulary for symbol in SYMBOLS)
        self._torch: Any = torch
        self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._model: Any = AutoModelForSeq2SeqLM.from_pretrained(folder, local_files_only=True).eval()
        self._model.to("cuda" if torch.cuda.is_available() else "cpu")

    def translate(
        self, lines: Sequence[str], direction: Direction, items: Sequence[tuple[str, ...]]
    ) -> list[Draft | None]:
        """See `Engine.translate`."""
        del items
        tagged = [f"<2{direction[1]}> {line}" if self._has_tags else line for line in lines]
        try:
            rows = self._tokenizer(tagged, return_tensors="pt", padding=True, truncation=True, max_length=_MOST_PIECES)
            limit = 2 * int(rows["input_ids"].shape[1]) + 16
            with self._torch.inference_mode():
                said = self._model.generate(
                    **rows.to(self._model.device), num_beams=1, do_sample=False, max_new_tokens=limit
                )
            return [Draft(text) for text in self._tokenizer.batch_decode(said, skip_special_tokens=True)]
        except (RuntimeError, ValueError, IndexError):
            logger.exception("%s fails", self.info.name)
            return [None] * len(lines)

    def close(self) -> None:
        """Forget the weights."""
        self._model = None
