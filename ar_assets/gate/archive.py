"""Rules for an uploaded zip, and unpacking it without believing what it says about itself."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from ar_assets.gate.limits import Limits
from ar_assets.gate.refusals import Reason, refuse

MAGIC = b"PK"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".jar", ".usdz")
_LITTER = ("__MACOSX/", ".git/")
_LITTER_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_PIECE = 1 << 20
_LOCAL_HEADER = 30
_CENTRAL_ENTRY = 46


@dataclass(frozen=True)
class Entry:
    """A file of a zip that may be unpacked. ``name`` uses forward slashes and stays inside."""

    name: str
    info: zipfile.ZipInfo


def open_archive(path: Path, limits: Limits) -> tuple[zipfile.ZipFile, list[Entry]]:
    """The zip and the entries that matter; the caller closes the zip. Raises: Refused."""
    _count_before_parsing(path, limits)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OverflowError) as error:
        raise refuse(Reason.ZIP_BROKEN, what=str(error) or "directory") from error
    try:
        return archive, _entries(archive, path.stat().st_size, limits)
    except BaseException:
        archive.close()
        raise


def unpack(archive: zipfile.ZipFile, entries: list[Entry], into: Path, limits: Limits) -> dict[str, Path]:
    """Write each entry under a name of our own and say which is which. Counts what comes out. Raises: Refused."""
    files: dict[str, Path] = {}
    left = limits.zip_total_bytes
    for number, entry in enumerate(entries):
        target = into / f"{number:03d}"
        left -= _write(archive, entry, target, min(left, entry.info.file_size))
        files[entry.name] = target
    return files


def _write(archive: zipfile.ZipFile, entry: Entry, target: Path, limit: int) -> int:
    written = 0
    try:
        with archive.open(entry.info) as source, target.open("xb") as sink:
            while piece := source.read(_PIECE):
                written += len(piece)
                if written > limit:
                    raise refuse(Reason.ZIP_BOMB)
                sink.write(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, NotImplementedError) as error:
        raise refuse(Reason.ZIP_BROKEN, what=entry.name) from error
    if written != entry.info.file_size:
        raise refuse(Reason.ZIP_BROKEN, what=entry.name)
    return written


def _count_before_parsing(path: Path, limits: Limits) -> None:
    """Zipfile makes an object per directory entry; a directory of a million is refused before that."""
    tail_bytes = 22 + 65535
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - tail_bytes))
        tail = file.read(tail_bytes)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise refuse(Reason.ZIP_BROKEN, what="no directory")
    count, directory_bytes = struct.unpack_from("<HI", tail, at + 10)
    longest = _CENTRAL_ENTRY + 3 * 65535
    if count > 4 * limits.zip_entries or directory_bytes > min(size, 4 * limits.zip_entries * longest):
        raise refuse(Reason.ZIP_TOO_MANY_FILES, count=count, limit=limits.zip_entries)
    if b"PK\x06\x07" in tail[max(0, at - 20) : at]:  # zip64 has counts of its own; nothing under 100 MB needs it
        raise refuse(Reason.ZIP_BROKEN, what="zip64")


def _entries(archive: zipfile.ZipFile, size: int, limits: Limits) -> list[Entry]:
    kept: list[Entry] = []
    seen: set[str] = set()
    for info in archive.infolist():
        name = _safe_name(info, limits)
        if name.casefold() in seen:
            raise refuse(Reason.ZIP_UNSAFE_NAME, name=name)
        seen.add(name.casefold())
        _check_kind(info, name)
        litter = name.startswith(_LITTER) or name.rsplit("/", 1)[-1].casefold() in _LITTER_NAMES
        if not (info.is_dir() or litter):
            kept.append(Entry(name, info))
    if len(kept) > limits.zip_entries:
        raise refuse(Reason.ZIP_TOO_MANY_FILES, count=len(kept), limit=limits.zip_entries)
    if not kept:
        raise refuse(Reason.ZIP_NO_MODEL)
    _check_sizes([entry.info for entry in kept], size, limits)
    return kept


def _safe_name(info: zipfile.ZipInfo, limits: Limits) -> str:
    name = info.filename
    parts = name.rstrip("/").split("/")
    unsafe = (
        len(name) > limits.name_chars
        or name.startswith("/")
        or "\\" in name
        or ":" in name
        or "\\" in info.orig_filename
        or "\0" in info.orig_filename
        or any(part in ("", ".", "..") for part in parts)
        or not name.isprintable()
    )
    if unsafe:
        raise refuse(Reason.ZIP_UNSAFE_NAME, name=info.orig_filename)
    return name


def _check_kind(info: zipfile.ZipInfo, name: str) -> None:
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise refuse(Reason.ZIP_LINK, name=name)
    if info.flag_bits & 0x41:
        raise refuse(Reason.ZIP_ENCRYPTED)
    if info.compress_type not in _METHODS:
        raise refuse(Reason.ZIP_BROKEN, what=f"{name} is packed in an unusual way")
    if name.casefold().endswith(_ARCHIVES):
        raise refuse(Reason.ZIP_NESTED, name=name)


def _check_sizes(infos: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    total = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if total > limits.zip_total_bytes or total > max(limits.zip_ratio_floor_bytes, limits.zip_ratio * max(packed, 1)):
        raise refuse(Reason.ZIP_BOMB)
    for info in infos:
        if info.file_size > max(limits.zip_ratio_floor_bytes, limits.zip_ratio * max(info.compress_size, 1)):
            raise refuse(Reason.ZIP_BOMB)
    # Entries that share bytes are how 10 MB become terabytes (D. Fifield, "A better zip bomb", WOOT 2019)
    end = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset < end:
            raise refuse(Reason.ZIP_BOMB)
        end = info.header_offset + _LOCAL_HEADER + info.compress_size
    if end > size:
        raise refuse(Reason.ZIP_BROKEN, what="cut off")
