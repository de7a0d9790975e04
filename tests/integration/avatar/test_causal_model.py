"""The model's worker process: absent, dying, foreign; and a tiny real model where torch is installed."""

from __future__ import annotations

import importlib.util
import json
import stat
import sys
from contextlib import aclosing
from pathlib import Path

import pytest

from avatar.causal_model import CausalModel, CausalOptions
from avatar.errors import LanguageModelUnavailable
from avatar.language_model import ModelRequest
from tests.unit.avatar.catalogue import products

REQUEST = ModelRequest("is it lead-free?", "en", products()["mug"].facts)
HAS_TORCH = all(importlib.util.find_spec(name) for name in ("torch", "transformers"))


async def ask(model: CausalModel) -> list[str]:
    async with aclosing(model.answer(REQUEST)) as sentences:
        return [sentence.text async for sentence in sentences]


async def test_without_weights_the_reason_is_told(tmp_path: Path) -> None:
    async with CausalModel(CausalOptions(tmp_path / "nowhere")) as model:
        with pytest.raises(LanguageModelUnavailable, match=r"not installed|no model in"):
            await ask(model)


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
    if "messages" in request:
        text = json.dumps({"fact_ids": ["mug/glaze"], "answer": "Yes, it is. It is food-safe."})
        for i in range(0, len(text), 9):
            print(json.dumps({"id": request["id"], "piece": text[i : i + 9]}), flush=True)
        print(json.dumps({"id": request["id"], "done": True}), flush=True)
"""


async def test_the_protocol_gives_sentences_again_and_again(tmp_path: Path) -> None:
    async with CausalModel(CausalOptions(tmp_path), worker(tmp_path, SPEAKS)) as model:
        for _ in range(3):
            assert await ask(model) == ["Yes, it is.", "It is food-safe."]


async def test_an_answer_that_was_given_up_does_not_disturb_the_next(tmp_path: Path) -> None:
    async with CausalModel(CausalOptions(tmp_path), worker(tmp_path, SPEAKS)) as model:
        async with aclosing(model.answer(REQUEST)) as sentences:
            assert (await anext(sentences)).text == "Yes, it is."
        assert await ask(model) == ["Yes, it is.", "It is food-safe."]


@pytest.mark.parametrize(
    "body",
    [
        "sys.exit(1)",
        "print('hello', flush=True)",
        "print('[1]', flush=True)",
        "time.sleep(5)",
        "print(json.dumps({'ready': True}), flush=True); time.sleep(5)",
        "print('x' * 1_000_000, flush=True)",
    ],
)
async def test_a_broken_worker_is_unavailable(tmp_path: Path, body: str) -> None:
    options = CausalOptions(tmp_path, piece_s=0.5, whole_answer_s=1.0)
    async with CausalModel(options, worker(tmp_path, body)) as model:
        with pytest.raises(LanguageModelUnavailable):
            await ask(model)


async def test_a_worker_that_died_is_started_again(tmp_path: Path) -> None:
    mark = str(tmp_path / "mark")
    once = f"import pathlib\nmark = pathlib.Path({mark!r})\nif not mark.exists():\n    mark.touch()\n    sys.exit(1)\n"
    async with CausalModel(CausalOptions(tmp_path), worker(tmp_path, once + SPEAKS)) as model:
        with pytest.raises(LanguageModelUnavailable):
            await ask(model)
        assert await ask(model) == ["Yes, it is.", "It is food-safe."]


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.skipif(not HAS_TORCH, reason="torch and transformers are not installed (extra avatar-llm)")
async def test_a_tiny_model_with_random_weights_is_loaded_and_its_babble_refused(tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers  # type: ignore[import-not-found,unused-ignore]
    from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

    words = {
        word: number for number, word in enumerate(["<unk>", "<eos>", "the", "mug", "is", '"', "{", "}", "answer"])
    }
    plain = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    plain.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=plain, unk_token="<unk>", eos_token="<eos>").save_pretrained(tmp_path)
    config = Qwen3Config(
        vocab_size=len(words),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=16,
        eos_token_id=1,
    )
    Qwen3ForCausalLM(config).save_pretrained(tmp_path)
    assert json.loads((tmp_path / "config.json").read_text())["model_type"] == "qwen3"
    options = CausalOptions(tmp_path, piece_s=60, whole_answer_s=90, max_new_tokens=20)
    async with CausalModel(options) as model:
        with pytest.raises(LanguageModelUnavailable, match="JSON"):
            await ask(model)
