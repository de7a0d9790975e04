"""Whatever is uploaded, the gate answers with an inspection or a refusal and with nothing else."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ar_assets.errors import Refused
from ar_assets.gate import Reason, examine
from tests.fuzz.gate_inputs import Damage, seeds

ANSWERS = {*Reason, "passes"}


def answer(data: bytes, folder: Path) -> str:
    """The code of the refusal, or "passes"; any other error fails the test."""
    upload = folder / "upload"
    upload.write_bytes(data)
    try:
        examine(upload)
    except Refused as refused:
        return refused.code if str(refused) else "silent"
    return "passes"


def test_seeds_pass(tmp_path: Path) -> None:
    assert {answer(data, tmp_path) for data in seeds()} == {"passes"}


def test_damaged_uploads_are_answered(tmp_path: Path) -> None:
    for number in range(40):
        damage = Damage(number)
        for _ in range(25):
            assert answer(damage.next(), tmp_path) in ANSWERS


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300), start=st.sampled_from([data[:24] for data in seeds()] + [b""]))
def test_bytes_after_a_known_start_are_answered(tmp_path: Path, data: bytes, start: bytes) -> None:
    assert answer(start + data, tmp_path) in ANSWERS
