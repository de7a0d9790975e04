"""The mood's classifier: absent, dying, foreign; and a tiny real one where torch is installed."""

from __future__ import annotations

import importlib.util
import stat
import sys
from pathlib import Path

import pytest

from avatar.mood import heard, sounds
from avatar.mood.classifier import MoodModel
from avatar.mood.classifier_worker import value_of, values_of

HAS_TORCH = all(importlib.util.find_spec(name) for name in ("torch", "transformers"))


def worker(folder: Path, body: str) -> str:
    """A program that stands in for Python and speaks the worker's protocol as ``body`` says."""
    program = folder / "worker"
    program.write_text(f"#!{sys.executable}\nimport json, sys, time\n{body}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


SPEAKS = """
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"id": request["id"], "score": -0.75 if "broke" in request["text"] else 3}), flush=True)
"""


async def test_a_line_is_judged_by_the_model_and_bounded(tmp_path: Path) -> None:
    async with MoodModel.open(tmp_path, 5.0, worker(tmp_path, SPEAKS)) as model:
        assert await model.score("it broke") == -0.75
        assert (await heard("nice one, it broke", "en", classifier=model)).score == -0.75
        assert await model.score("lovely") == 1.0


@pytest.mark.parametrize(
    "body",
    [
        "sys.exit(1)",
        "print('hello', flush=True)",
        "print('[1]', flush=True)",
        "time.sleep(5)",
        "print(json.dumps({'ready': True}), flush=True); time.sleep(5)",
        "print(json.dumps({'ready': True}), flush=True); print(json.dumps({'id': 1, 'score': 'x'}), flush=True)",
        "print(json.dumps({'ready': True}), flush=True); print(json.dumps({'id': 1, 'score': 1e999}), flush=True)",
        "print('x' * 1_000_000, flush=True)",
    ],
)
async def test_whatever_becomes_of_the_model_the_lexicon_stands_behind_it(tmp_path: Path, body: str) -> None:
    async with MoodModel.open(tmp_path, 0.3, worker(tmp_path, body)) as model:
        assert await heard("love it", "en", classifier=model) == sounds("love it", "en")
        assert await model.score("love it") is None


async def test_without_weights_the_reason_is_told(tmp_path: Path) -> None:
    async with MoodModel.open(tmp_path / "nowhere") as model:
        assert not await model.ready()
        assert "not installed" in model.reason or "no config.json" in model.reason
        assert await model.score("love it") is None


@pytest.mark.parametrize(
    ("label", "value"), [("NEGATIVE", -1.0), ("Neutral", 0.0), ("pos", 1.0), ("1 star", -1.0), ("4 stars", 0.5)]
)
def test_labels_that_say_what_they_mean_are_understood(label: str, value: float) -> None:
    assert value_of(label) == value


def test_labels_that_do_not_are_refused_whole() -> None:
    assert values_of({0: "negative", 1: "positive"}) == [-1.0, 1.0]
    assert values_of({0: "LABEL_0", 1: "LABEL_1"}) is None
    assert values_of({0: "positive", 1: "pos"}) is None


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.skipif(not HAS_TORCH, reason="torch and transformers are not installed (extra avatar-llm)")
@pytest.mark.parametrize("labels", [["negative", "neutral", "positive"], ["LABEL_0", "LABEL_1", "LABEL_2"]])
async def test_a_tiny_model_with_random_weights_says_what_it_weighs(tmp_path: Path, labels: list[str]) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers  # type: ignore[import-not-found,unused-ignore]
    from transformers import DistilBertConfig, DistilBertForSequenceClassification, PreTrainedTokenizerFast

    words = {word: number for number, word in enumerate(["[PAD]", "[UNK]", "love", "it", "bad"])}
    plain = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    plain.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=plain, unk_token="[UNK]", pad_token="[PAD]")
    tokenizer.save_pretrained(tmp_path)
    config = DistilBertConfig(
        vocab_size=len(words),
        dim=16,
        hidden_dim=32,
        n_layers=1,
        n_heads=2,
        id2label=dict(enumerate(labels)),
        label2id={label: n for n, label in enumerate(labels)},
    )
    DistilBertForSequenceClassification(config).save_pretrained(tmp_path)
    async with MoodModel.open(tmp_path, 60.0) as model:
        if labels[0] != "negative":
            assert not await model.ready()
            assert "LABEL_0" in model.reason
            return
        first = await model.score("love it")
        assert first is not None
        assert -1 <= first <= 1
        assert await model.score("love it") == first
        assert await model.score("😀" * 5000) is not None
