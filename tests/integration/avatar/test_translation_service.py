"""The worker process: bounded, replaced when it dies or hangs, originals meanwhile."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from avatar.translation.glossary import Glossary
from avatar.translation.model import Trust
from avatar.translation.service import TranslationOptions, TranslationService

WORKER = """
import json, os, sys, time
print(json.dumps({"ready": True, "problems": {}, "models": {"en-es": ["scripted", "MIT"]}}), flush=True)
sys.stdin.readline()
for line in sys.stdin:
    request = json.loads(line)
    text = request["lines"][0]
    if "die" in text:
        os._exit(3)
    if "hang" in text:
        time.sleep(60)
    if "nonsense" in text:
        print("[1, 2", flush=True)
        continue
    words = (request.get("words") or {}).get("keep")
    results = [[f"{len(request['lines'])} {words} {l}", "en", "model"] for l in request["lines"]]
    print(json.dumps({"id": request["id"], "results": results}), flush=True)
"""


def scripted(tmp_path: Path, *, work_s: float = 8.0, max_waiting: int = 400) -> TranslationOptions:
    script = tmp_path / "worker.py"
    script.write_text(WORKER)
    command = (sys.executable, str(script))
    return TranslationOptions(command=command, wait_s=8.0, work_s=work_s, max_waiting=max_waiting)


async def test_phrases_are_there_without_any_weights(tmp_path: Path) -> None:
    """The real worker; its models are missing, which it says."""
    options = TranslationOptions(folder=tmp_path, wait_s=15)
    async with TranslationService.open(options) as service:
        results = await service.translate(["How much is it?", "our neighbour likes lamps"], None, "zh-CN")
        assert [(r.text, r.trust) for r in results] == [
            ("多少钱？", Trust.TEMPLATE),
            ("our neighbour likes lamps", Trust.ORIGINAL),
        ]
        assert set(service.problems) == {"en-es", "en-zh", "es-en", "zh-en"}
        assert "missing" in service.problems["en-es"]
        assert service.identify("多少钱").language == "zh"


async def test_lines_of_a_direction_go_together_and_a_glossary_is_told_once(tmp_path: Path) -> None:
    async with TranslationService.open(scripted(tmp_path)) as service:
        words = Glossary(keep=("Nord",))
        first = await service.translate(["a", "b", "c"], "en", "es", words)
        second = await service.translate(["d"], "en", "es", words)
    assert [r.text for r in first] == ["3 ['Nord'] a", "3 ['Nord'] b", "3 ['Nord'] c"]
    assert second[0].text == "1 None d"


async def test_a_worker_that_dies_talks_nonsense_or_hangs_costs_its_lines_and_is_replaced(tmp_path: Path) -> None:
    async with TranslationService.open(scripted(tmp_path, work_s=0.5)) as service:
        for line in ("die", "nonsense", "hang"):
            (lost,) = await service.translate([line], "en", "es")
            assert (lost.text, lost.trust) == (line, Trust.ORIGINAL)
            (next_one,) = await service.translate(["hello"], "en", "es")
            assert next_one.trust is Trust.MODEL
        assert service.dropped == 3


async def test_a_full_queue_and_an_impatient_reader_get_originals(tmp_path: Path) -> None:
    async with TranslationService.open(scripted(tmp_path, max_waiting=4, work_s=30.0)) as service:
        (warm,) = await service.translate(["hello"], "en", "es")
        assert warm.trust is Trust.MODEL
        (late,) = await service.translate(["hang"], "en", "es", wait_s=0.05)
        assert late.trust is Trust.ORIGINAL
        many = await service.translate([str(n) for n in range(9)], "en", "es", wait_s=0.05)
        assert [r.trust for r in many] == [Trust.ORIGINAL] * 9
        assert service.dropped == 10


async def test_captions_come_before_chat(tmp_path: Path) -> None:
    order: list[str] = []

    async def ask(service: TranslationService, line: str, *, is_urgent: bool = False) -> None:
        await service.translate([line], "en", "es" if is_urgent else line, is_urgent=is_urgent)
        order.append(line)

    async with TranslationService.open(scripted(tmp_path)) as service, asyncio.TaskGroup() as group:
        for target in ("fr", "de", "ja"):
            group.create_task(ask(service, target))
        group.create_task(ask(service, "caption", is_urgent=True))
    assert order[0] == "caption"


async def test_a_worker_that_cannot_start_leaves_originals(tmp_path: Path) -> None:
    options = TranslationOptions(command=(str(tmp_path / "absent"),), wait_s=0.2)
    async with TranslationService.open(options) as service:
        (left,) = await service.translate(["hello"], "en", "es")
    assert left.trust is Trust.ORIGINAL


async def test_what_needs_no_worker_is_answered_at_once(tmp_path: Path) -> None:
    options = TranslationOptions(command=(str(tmp_path / "absent"),), wait_s=60)
    async with TranslationService.open(options) as service:
        results = await service.translate(["", "x" * 3000], "en", "es")
        same = await service.translate(["hello"], "en-GB", "en")
    assert all(r.trust is Trust.ORIGINAL for r in (*results, *same))
    assert service.dropped == 0
