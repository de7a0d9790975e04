"""Make the tables in ``avatar/translation/data`` again: shopping patterns, letters of languages, simplified characters.

python -m scripts.translation_data patterns
python -m scripts.translation_data characters
python -m scripts.translation_data letters --data ../shared/data/parallel
"""

from __future__ import annotations

import argparse
import itertools
import re
from importlib.resources import files
from pathlib import Path

OUT = Path(__file__).parent.parent / "avatar" / "translation" / "data"
MASKED = ("price", "pct", "n", "size", "length", "weight", "volume", "temp", "time", "code", "name", "emoji")
_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")


def spellings(text: str) -> list[str]:
    """All that a text with choices (a|b) can be."""
    parts = _CHOICE.split(text)
    return ["".join(p) for p in itertools.product(*(s.split("|") if n % 2 else [s] for n, s in enumerate(parts)))]


def pattern_rows() -> list[str]:
    """Those patterns of the shopping grammar that have no slots but for what masking takes out."""
    rows = []
    source = files("avatar.translation.training.shopping").joinpath("patterns.txt").read_text("utf-8")
    for line in source.splitlines():
        if not line or line.startswith("#"):
            continue
        sides = [side.removesuffix(" @item") for side in line.split(" = ")]
        names = list(dict.fromkeys(_SLOT.findall(sides[0])))
        if any(set(_SLOT.findall(side)) != set(names) for side in sides):
            continue
        if any(name.rstrip("2") not in MASKED for name in names):
            continue
        numbered = [_SLOT.sub(lambda match: f"{{{names.index(match[1])}}}", side) for side in sides]  # noqa: B023
        rows.append("\t".join(" | ".join(spellings(side)) for side in numbered))
    return rows


def write_patterns() -> None:
    """``patterns.tsv``."""
    rows = pattern_rows()
    head = "# From the shopping grammar (training/shopping/patterns.txt) by scripts/translation_data.py: en, es, zh.\n"
    (OUT / "patterns.tsv").write_text(head + "\n".join(rows) + "\n", "utf-8")
    print(f"{len(rows)} patterns")


def write_characters() -> None:
    """Traditional characters with their simplified form, from OpenCC (Apache-2.0)."""
    table = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text("utf-8")
    pairs = [line.split("\t") for line in table.splitlines() if "\t" in line]
    known = [(old, new.split(" ")[0]) for old, new in pairs if len(old) == 1 and ord(old) < 0x10000]
    changed = sorted((old, new) for old, new in known if old != new and len(new) == 1 and ord(new) < 0x10000)
    head = "# Traditional and simplified characters, from OpenCC's TSCharacters (Apache-2.0).\n"
    lines = ("".join(old for old, _ in changed), "".join(new for _, new in changed))
    (OUT / "traditional.txt").write_text(head + "\n".join(lines) + "\n", "utf-8")
    print(f"{len(changed)} characters")


def main() -> None:
    """Parse and do."""
    parser = argparse.ArgumentParser()
    parser.add_argument("table", choices=("patterns", "characters", "letters"))
    parser.add_argument("--data", type=Path, default=Path("../shared/data/parallel"))
    chosen = parser.parse_args()
    if chosen.table == "patterns":
        write_patterns()
    elif chosen.table == "characters":
        write_characters()
    else:
        from scripts.language_letters import write_letters

        write_letters(chosen.data, OUT / "letters.tsv")


if __name__ == "__main__":
    main()
