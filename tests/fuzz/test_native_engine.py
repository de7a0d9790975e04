"""The native egress' engine under sanitizers, fed arbitrary commands: a short run of `make fuzz-native`."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scripts.fuzz_native import ROUNDS, CannotBuild, build_standalone

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def fuzzer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return build_standalone(tmp_path_factory.mktemp("fuzz"))
    except CannotBuild as error:
        pytest.skip(f"THE NATIVE ENGINE IS NOT FUZZED HERE: {error}")


@pytest.mark.parametrize("seed", [1, 2])
def test_arbitrary_commands_neither_crash_nor_corrupt_the_engine(fuzzer: Path, seed: int) -> None:
    done = subprocess.run([fuzzer, str(ROUNDS), str(seed)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    assert f"{ROUNDS} rounds clean" in done.stdout
