"""Material variants of a product (KHR_materials_variants): list them, choose one, keep some.

Colours of a shoe are one geometry with several materials; viewers that do not know the extension, and USDZ, see one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from ar_assets.document import Document, Json

EXTENSION = "KHR_materials_variants"


@dataclass(frozen=True)
class Variant:
    """One variant: its name as the brand wrote it, and a name for files and addresses (unique in the document)."""

    name: str
    slug: str


def listed(document: Document) -> tuple[Variant, ...]:
    """The variants in the file's order; empty where it has none."""
    found: list[Variant] = []
    for index, entry in enumerate(document.json.get("extensions", {}).get(EXTENSION, {}).get("variants", [])):
        name = str(entry.get("name") or f"Variant {index + 1}")
        slug = slug_of(name) or f"variant-{index + 1}"
        taken = {variant.slug for variant in found}
        number = 2
        unique = slug
        while unique in taken:
            unique = f"{slug}-{number}"
            number += 1
        found.append(Variant(name, unique))
    return tuple(found)


def slug_of(name: str) -> str:
    """A short name of ASCII letters, digits and hyphens; empty where the name has none (Chinese, symbols)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-")


def choose(document: Document, name: str) -> Document:
    """A copy in which ``name`` is what everybody sees: its materials are the primitives' own, the extension is gone.

    A primitive without a mapping for it keeps its default material, as the extension asks.

    Raises:
        KeyError: The document has no such variant.
    """
    number = _numbers(document)[name]
    chosen = document.copy()
    for primitive in _primitives(chosen):
        for mapping in primitive.get("extensions", {}).get(EXTENSION, {}).get("mappings", []):
            if number in mapping.get("variants", []):
                primitive["material"] = mapping["material"]
    _forget(chosen)
    return chosen


def keep(document: Document, names: Collection[str]) -> Document:
    """A copy with only these variants, in the file's order; unused materials stay for the worker's prune.

    Raises:
        KeyError: The document lacks one of them.
    """
    numbers = _numbers(document)
    old = sorted(numbers[name] for name in names)
    renumber = {number: index for index, number in enumerate(old)}
    kept = document.copy()
    if not old:
        _forget(kept)
        return kept
    holder = kept.json["extensions"][EXTENSION]
    holder["variants"] = [holder["variants"][number] for number in old]
    for primitive in _primitives(kept):
        extension = primitive.get("extensions", {}).get(EXTENSION)
        if extension is None:
            continue
        mappings = []
        for mapping in extension.get("mappings", []):
            wanted = [renumber[number] for number in mapping.get("variants", []) if number in renumber]
            if wanted:
                mappings.append({**mapping, "variants": wanted})
        extension["mappings"] = mappings
    return kept


def _numbers(document: Document) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for index, variant in enumerate(listed(document)):
        numbers.setdefault(variant.name, index)
    return numbers


def _primitives(document: Document) -> list[Json]:
    return [primitive for mesh in document.items("meshes") for primitive in mesh.get("primitives", [])]


def _forget(document: Document) -> None:
    for holder in [document.json, *_primitives(document)]:
        extensions = holder.get("extensions", {})
        extensions.pop(EXTENSION, None)
        if not extensions:
            holder.pop("extensions", None)
    for name in ("extensionsUsed", "extensionsRequired"):
        left = [extension for extension in document.json.get(name, []) if extension != EXTENSION]
        if left:
            document.json[name] = left
        else:
            document.json.pop(name, None)
