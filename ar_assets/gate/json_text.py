"""A glTF document's JSON, bounded in size, nesting and number of values before the parser allocates anything."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np

from ar_assets.gate.limits import MB, Limits
from ar_assets.gate.refusals import Reason, refuse

_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_MAX_DIGITS = 20
"""Longer integers have no meaning in glTF, and Python's would be exact where JavaScript's are not."""


def parse_document(text: bytes, max_bytes: int, limits: Limits) -> dict[str, Any]:
    """The document as a dict. Raises: Refused.

    Strings are taken out first and the brackets left are counted, because recursive parsers overflow their stack and
    500,000 empty lists in 1 MB of text become 60 MB of objects. Duplicate names are refused: parsers differ in which
    one they believe.
    """
    if len(text) > max_bytes:
        raise refuse(Reason.JSON_TOO_LARGE, limit=f"{max_bytes // MB} MB")
    _bound(text, limits)
    try:
        document = json.loads(
            text.decode("utf-8"),
            parse_float=_finite,
            parse_int=_integer,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError) as error:
        raise refuse(Reason.JSON_BROKEN, what=_what(error)) from error
    if not isinstance(document, dict):
        raise refuse(Reason.JSON_WRONG_SHAPE, where="the top")
    return document


def _bound(text: bytes, limits: Limits) -> None:
    bare = np.frombuffer(_STRING.sub(b"", text), dtype=np.uint8)
    if bare.size > limits.json_bytes:
        raise refuse(Reason.JSON_TOO_LARGE, limit=f"{limits.json_bytes // MB} MB")
    opening = (bare == ord("[")) | (bare == ord("{"))
    closing = (bare == ord("]")) | (bare == ord("}"))
    depth = np.cumsum(opening.astype(np.int8) - closing.astype(np.int8), dtype=np.int32)
    if depth.size and int(depth.max()) > limits.json_depth:
        raise refuse(Reason.JSON_TOO_DEEP, limit=limits.json_depth)
    values = int(opening.sum()) + int((bare == ord(",")).sum())
    if values > limits.json_values:
        raise refuse(Reason.JSON_TOO_LARGE, limit=f"{limits.json_values} values")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return value


def _integer(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise ValueError("a number is too long")
    return int(text)


def _constant(text: str) -> float:
    raise ValueError(f"{text} is no JSON number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name appears twice")
    return made


def _what(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.pos}"
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 at byte {error.start}"
    return str(error) or type(error).__name__
