"""Models of the operator's own behind the same port: a folder or an endpoint. Licences are read and heeded."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from avatar.translation.engine import Direction, Engine, ModelInfo, ModelRefused, is_non_commercial

_CARD_CHARS = 20_000


@dataclass(frozen=True)
class Upgrade:
    """One model of the operator's."""

    kind: Literal["folder", "endpoint"]
    """``folder``: a CTranslate2 or Hugging Face Marian directory. ``endpoint``: OpenAI-compatible chat completions."""
    place: str
    """The directory, or the address up to and including ``/v1``."""
    directions: tuple[str, ...]
    """Such as ``en-fr``; these and no others are asked of it."""
    model: str = ""
    """An endpoint's name of the model."""
    api_key: str = ""
    licence: str = ""
    """Where no card tells: what the operator knows."""
    is_non_commercial_allowed: bool = False
    """The operator says that weights which forbid commercial use may be used all the same."""
    timeout_s: float = 4.0

    def __post_init__(self) -> None:
        if any(not re.fullmatch(r"[a-z]{2,3}-[a-z]{2,3}", direction) for direction in self.directions):
            raise ValueError("directions are written like en-fr")

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """From JSON."""
        return cls(**{**values, "directions": tuple(values["directions"])})

    @property
    def pairs(self) -> frozenset[Direction]:
        """The directions as pairs."""
        return frozenset((direction.split("-")[0], direction.split("-")[1]) for direction in self.directions)


def open_upgrades(upgrades: Sequence[Upgrade]) -> tuple[list[Engine], dict[str, str]]:
    """The engines that opened, and direction → why not for the others."""
    engines: list[Engine] = []
    problems: dict[str, str] = {}
    for upgrade in upgrades:
        try:
            engines.append(open_upgrade(upgrade))
        except ModelRefused as error:
            problems.update(dict.fromkeys(upgrade.directions, str(error)))
    return engines, problems


def open_upgrade(upgrade: Upgrade) -> Engine:
    """One engine. Raises: ModelRefused when it is not there, damaged, or its licence forbids what a shop does."""
    info = _info(upgrade)
    if is_non_commercial(info) and not upgrade.is_non_commercial_allowed:
        raise ModelRefused(
            info.name, f"its licence ({info.licence}) is for non-commercial use; the operator may allow it"
        )
    if upgrade.kind == "endpoint":
        from avatar.translation.chat_model import ChatModel

        return ChatModel(upgrade, info)
    from avatar.translation.marian import open_folder

    return open_folder(Path(upgrade.place), upgrade.pairs, info)


def _info(upgrade: Upgrade) -> ModelInfo:
    """Name and licence, from the card in the folder when the operator does not name one."""
    if upgrade.kind == "endpoint":
        return ModelInfo(upgrade.model or upgrade.place, upgrade.licence or "unknown")
    folder = Path(upgrade.place)
    licence, name = upgrade.licence, folder.name
    if (folder / "card.json").is_file():
        try:
            card = json.loads((folder / "card.json").read_text("utf-8")[:_CARD_CHARS])
            name, licence = str(card.get("name", name)), licence or str(card.get("licence", ""))
        except (ValueError, OSError, AttributeError):
            licence = licence or "unknown"
    if not licence and (folder / "README.md").is_file():
        # the head of a Hugging Face card: license: cc-by-nc-4.0
        found = re.search(
            r"^licen[sc]e:\s*(\S+)", (folder / "README.md").read_text("utf-8", "replace")[:_CARD_CHARS], re.M
        )
        licence = found[1] if found else ""
    return ModelInfo(name, licence or "unknown")
