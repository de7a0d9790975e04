"""The process that translates: ``python -m avatar.translation.worker``. Started by `avatar.translation.service`.

JSON lines in and out. The first line in is the `Setup`; the first line out tells what can be translated. Then

    ← {"id": 1, "lines": ["…"], "source": "en" or null, "target": "es", "glossary": "KEY" or null, "words": {…}}
    → {"id": 1, "results": [["text", "source", "trust"], …]}

``words`` comes with a glossary's first use. Ends with its standard input. Its memory is limited, its priority low:
pictures and sound come first.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from collections import OrderedDict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from avatar.translation.glossary import Glossary
from avatar.translation.model import Translated, Trust, primary
from avatar.translation.translator import Translator
from avatar.translation.upgrades import Upgrade, open_upgrades

MAX_REQUEST_BYTES: Final = 4_000_000
KEPT_GLOSSARIES: Final = 64
_NICE: Final = 5

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Setup:
    """What the worker opens."""

    folder: str | None = None
    """Weights; None: those that the project ships."""
    upgrades: tuple[Upgrade, ...] = ()
    memory_bytes: int = 1_500_000_000

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Setup:
        """The opposite."""
        read = json.loads(line)
        read["upgrades"] = tuple(Upgrade.read(upgrade) for upgrade in read["upgrades"])
        return cls(**read)


def limit_memory(size: int) -> None:
    """Private memory of this process; where the system knows no such limit there is none."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (size, size))


class Desk:
    """Answers requests with a translator."""

    def __init__(self, translator: Translator) -> None:
        self._translator = translator
        self._glossaries: OrderedDict[str, Glossary] = OrderedDict()

    def hello(self) -> dict[str, Any]:
        """What can be translated, and what cannot and why."""
        models = {direction: [info.name, info.licence] for direction, info in self._translator.models.items()}
        return {"ready": True, "problems": self._translator.problems, "models": models}

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """One request; whatever happens over its lines, they come back."""
        lines = [str(line) for line in request["lines"]]
        source, target = request.get("source"), str(request["target"])
        try:
            results = self._translator.translate(lines, source, target, self._glossary(request))
        except Exception:
            logger.exception("lines could not be translated")
            left = primary(source) if source else "und"
            results = [Translated(line, left, primary(target), Trust.ORIGINAL) for line in lines]
        return {"id": request["id"], "results": [[r.text, r.source, r.trust.value] for r in results]}

    def _glossary(self, request: dict[str, Any]) -> Glossary | None:
        key = request.get("glossary")
        if key is None:
            return None
        words = request.get("words")
        if words is not None:
            self._glossaries[key] = Glossary(words["terms"], tuple(words["keep"]))
        found = self._glossaries.get(key)
        if found is not None:
            self._glossaries.move_to_end(key)
        while len(self._glossaries) > KEPT_GLOSSARIES:
            self._glossaries.popitem(last=False)
        return found


def main() -> int:
    """Serve until standard input ends."""
    sink = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library may print must not end up between our lines
    setup = Setup.from_json(sys.stdin.readline())
    limit_memory(setup.memory_bytes)
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICE)
    engines, problems = open_upgrades(setup.upgrades)
    translator = Translator.open(Path(setup.folder) if setup.folder else None, engines)
    translator.problems.update(problems)
    desk = Desk(translator)

    def tell(message: dict[str, Any]) -> None:
        sink.write(json.dumps(message) + "\n")
        sink.flush()

    tell(desk.hello())
    while line := sys.stdin.readline(MAX_REQUEST_BYTES):
        tell(desk.answer(json.loads(line)))
    translator.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
