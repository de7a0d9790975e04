"""Addresses inside a model: data in place, or a file that came with it; never anything else."""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
from collections.abc import Iterable
from urllib.parse import unquote

from ar_assets.gate.refusals import Reason, refuse

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
_DATA = re.compile(r"^data:[\w.+/-]*(?:;[\w=.-]+)*;base64,", re.ASCII)


def inline_data(uri: str, where: str) -> bytes | None:
    """The bytes of a base64 ``data:`` address, None for any other address. Raises: Refused."""
    if uri[:5].lower() != "data:":
        return None
    head = _DATA.match(uri[:200])
    if head is None:
        raise refuse(Reason.JSON_WRONG_SHAPE, where=where)
    try:
        return base64.b64decode(uri[head.end() :], validate=True)
    except (binascii.Error, ValueError) as error:
        raise refuse(Reason.JSON_WRONG_SHAPE, where=where) from error


def file_beside(uri: str, root: str, names: Iterable[str]) -> str:
    """Which of ``names`` (entries of a zip) the model ``root`` means by ``uri``.

    Exact first, else the only one that differs in upper and lower case alone: exporters on Windows are careless there.
    Raises: Refused (outside_address, missing_file).
    """
    plain = unquote(uri)
    parts = plain.split("/")
    if _SCHEME.match(plain) or plain.startswith("/") or "\\" in plain or ".." in parts or "\0" in plain or not plain:
        raise refuse(Reason.OUTSIDE_ADDRESS, address=uri)
    wanted = posixpath.normpath(posixpath.join(posixpath.dirname(root), plain))
    known = list(names)
    if wanted in known:
        return wanted
    alike = [name for name in known if name.casefold() == wanted.casefold()]
    if len(alike) != 1:
        raise refuse(Reason.MISSING_FILE, name=plain)
    return alike[0]
