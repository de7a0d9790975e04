"""Builds the native egress' fuzz target with address and undefined-behaviour sanitizers, and runs it.

With clang it is a libFuzzer target that learns which inputs reach new code; without it gcc builds the same target
with its own seeded source of bytes. ``make fuzz-native`` runs it for SECONDS (60).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "tests/fuzz/native/fuzz_engine.c"
SOURCES = [ROOT / "stream_server/media/native" / name for name in ("engine.c", "tracks.c", "sending.c", "srtp.c")]
FLAGS = ["-O1", "-g", "-fno-omit-frame-pointer", "-fno-sanitize-recover=all"]
LINK = ["-lcrypto", "-lpthread"]
MAX_INPUT_BYTES = 4096
ROUNDS = 1000
BUILD_TIMEOUT_S = 120


class CannotBuild(Exception):
    """No compiler, no OpenSSL headers, or no sanitizers."""


def _compile(compiler: str, extra: list[str], out: Path) -> Path:
    command = [compiler, *FLAGS, *extra, str(TARGET), *map(str, SOURCES), *LINK, "-o", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_TIMEOUT_S, check=False)
    if done.returncode != 0:
        raise CannotBuild(f"{compiler}: {(done.stderr.strip() or 'failed').splitlines()[0]}")
    return out


def build_standalone(folder: Path) -> Path:
    """The target with its own source of bytes: ``PROGRAM ROUNDS SEED``. Raises: CannotBuild."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise CannotBuild("no C compiler found")
    return _compile(compiler, ["-fsanitize=address,undefined", "-DSTANDALONE"], folder / "fuzz_engine")


def build_libfuzzer(folder: Path) -> Path:
    """The libFuzzer target. Raises: CannotBuild."""
    compiler = shutil.which("clang")
    if compiler is None:
        raise CannotBuild("no clang found")
    return _compile(compiler, ["-fsanitize=fuzzer,address,undefined"], folder / "fuzz_engine_libfuzzer")


def main() -> None:
    """Read the seconds from the command line, build, run."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        folder = Path(name)
        try:
            program = build_libfuzzer(folder)
        except CannotBuild as error:
            print(f"Without libFuzzer ({error}): seeded random input instead.")
            _run_standalone(folder, seconds)
            return
        limits = [f"-max_total_time={seconds}", f"-max_len={MAX_INPUT_BYTES}", "-rss_limit_mb=1024"]
        sys.exit(subprocess.call([program, *limits, f"-artifact_prefix={ROOT}/"]))


def _run_standalone(folder: Path, seconds: int) -> None:
    try:
        program = build_standalone(folder)
    except CannotBuild as error:
        sys.exit(f"Cannot build the fuzz target: {error}")
    end, seed = time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        seed += 1
        status = subprocess.call([program, str(ROUNDS), str(seed)])
        if status != 0:
            sys.exit(f"Failed with seed {seed}, status {status}.")


if __name__ == "__main__":
    main()
