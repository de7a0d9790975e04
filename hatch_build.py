"""Builds the native egress into the package where a C compiler and OpenSSL's headers are there, else leaves it out.

Without it the server runs on its pure-Python egress and says so at start; a missing compiler never fails an install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = ["egress.c", "engine.c", "tracks.c", "sending.c", "srtp.c"]
FLAGS = ["-O2", "-g0", "-Wall", "-Wextra", "-fPIC", "-shared", "-fvisibility=hidden", "-fstack-protector-strong"]


def compiler() -> str | None:
    """The C compiler, or None. ``CC`` in the environment has the last word, also when it leads nowhere."""
    wanted = os.environ.get("CC", "").split()
    if wanted:
        return shutil.which(wanted[0])
    named = (sysconfig.get_config_var("CC") or "cc").split()[0]
    return shutil.which(named) or shutil.which("cc")


def build(root: Path) -> str | None:
    """Compile; returns why it could not, or None when the extension stands in the package."""
    folder = root / "stream_server" / "media"
    target = folder / "_native.abi3.so"
    made = target.with_suffix(".new")  # a running server has the old one mapped: it must not be written over
    cc = compiler()
    if cc is None:
        return "no C compiler found"
    link = ["-undefined", "dynamic_lookup"] if sys.platform == "darwin" else []
    command = [
        cc,
        *FLAGS,
        f"-I{sysconfig.get_paths()['include']}",
        *(str(folder / "native" / source) for source in SOURCES),
        *link,
        "-lcrypto",
        "-lpthread",
        "-o",
        str(made),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode != 0:
        made.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
        return done.stderr.strip().splitlines()[0] if done.stderr.strip() else f"{cc} ended with {done.returncode}"
    made.replace(target)
    return None


class NativeEgress(BuildHookInterface[Any]):
    """hatchling's hook, for wheels and editable installs alike."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the files are collected."""
        why_not = "only built for POSIX systems" if sys.platform == "win32" else build(Path(self.root))
        if why_not is not None:
            self.app.display_warning(f"The native egress was not built ({why_not}); the pure-Python one will serve.")
            return
        build_data["pure_python"] = False
        build_data["tag"] = f"cp311-abi3-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
        build_data["artifacts"].append("stream_server/media/_native.abi3.so")
