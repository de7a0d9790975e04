"""Typed reading of untrusted JSON: each getter gives a value of the kind glTF demands, or refuses with its place."""

from __future__ import annotations

from typing import Any

from ar_assets.gate.refusals import Reason, refuse

Json = dict[str, Any]
_HUGE = 2**53 - 1


def objects(parent: Json, key: str, where: str = "") -> list[Json]:
    """A list of objects, empty when absent."""
    value = parent.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise refuse(Reason.JSON_WRONG_SHAPE, where=_place(where, key))
    return value


def child(parent: Json, key: str, where: str) -> Json:
    """An object, empty when absent."""
    value = parent.get(key, {})
    if not isinstance(value, dict):
        raise refuse(Reason.JSON_WRONG_SHAPE, where=_place(where, key))
    return value


def integer(parent: Json, key: str, where: str, *, default: int | None = None, low: int = 0, high: int = _HUGE) -> int:
    """A whole number within bounds; required when there is no default."""
    value = parent.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise refuse(Reason.JSON_WRONG_SHAPE, where=_place(where, key))
    return value


def text(parent: Json, key: str, where: str) -> str | None:
    """A string, None when absent."""
    value = parent.get(key)
    if value is not None and not isinstance(value, str):
        raise refuse(Reason.JSON_WRONG_SHAPE, where=_place(where, key))
    return value


def texts(parent: Json, key: str, where: str = "") -> list[str]:
    """A list of strings, empty when absent."""
    value = parent.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise refuse(Reason.JSON_WRONG_SHAPE, where=_place(where, key))
    return value


def numbers(parent: Json, key: str, where: str, count: int) -> list[float] | None:
    """A list of ``count`` numbers, None when absent."""
    value = parent.get(key)
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != count or not all(_is_number(item) for item in value):
        raise refuse(Reason.JSON_WRONG_SHAPE, where=_place(where, key))
    return value


def reference(parent: Json, key: str, where: str, count: int) -> int | None:
    """An index into a list of ``count`` things, None when absent."""
    if key not in parent:
        return None
    index = integer(parent, key, where)
    if index >= count:
        raise refuse(Reason.MISSING_REFERENCE, where=_place(where, key))
    return index


def references(parent: Json, key: str, where: str, count: int) -> list[int]:
    """A list of indices into a list of ``count`` things, empty when absent."""
    value = parent.get(key, [])
    if not isinstance(value, list):
        raise refuse(Reason.JSON_WRONG_SHAPE, where=_place(where, key))
    for item in value:
        if isinstance(item, bool) or not isinstance(item, int) or item < 0:
            raise refuse(Reason.JSON_WRONG_SHAPE, where=_place(where, key))
        if item >= count:
            raise refuse(Reason.MISSING_REFERENCE, where=_place(where, key))
    return value


def _is_number(item: object) -> bool:
    return isinstance(item, int | float) and not isinstance(item, bool)


def _place(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
