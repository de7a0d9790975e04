"""The process that holds a sentiment classifier: ``python -m avatar.mood.classifier_worker DIRECTORY``.

JSON lines in (``{"id": 1, "text": "…"}``), JSON lines out (``{"ready": true}``, then ``{"id": 1, "score": 0.4}``, or
``{"error": "…"}``). Any sequence classification model of Hugging Face whose labels say what they mean: negative,
neutral and positive, or one to five stars. Ends with its standard input. Only local files are opened and no code that
comes with a model is run.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_WORDS = {"negative": -1.0, "neg": -1.0, "neutral": 0.0, "neu": 0.0, "positive": 1.0, "pos": 1.0}
_STARS = re.compile(r"([1-5])\s*stars?")


def value_of(label: str) -> float | None:
    """What a label says, -1 to 1; None when it does not say."""
    label = label.strip().lower().replace("_", " ")
    stars = _STARS.fullmatch(label)
    return (int(stars.group(1)) - 3) / 2 if stars else _WORDS.get(label)


def values_of(labels: Mapping[int, str]) -> list[float] | None:
    """What each of a model's outputs says; None when one does not, or all say the same."""
    values = [value_of(labels[n]) for n in sorted(labels)]
    known = [value for value in values if value is not None]
    return known if len(known) == len(values) and len(set(known)) > 1 else None


def _tell(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _missing(directory: Path) -> str | None:
    absent = [name for name in ("torch", "transformers") if importlib.util.find_spec(name) is None]
    if absent:
        return f"{' and '.join(absent)} not installed (pip install 'vitrine[avatar-llm]')"
    if not (directory / "config.json").is_file():
        return f"no model in {directory}: there is no config.json"
    if not any(directory.glob("*.safetensors")):
        return f"no weights in {directory}: put the model's .safetensors files beside its config.json"
    return None


def _serve(directory: Path) -> None:
    reason = _missing(directory)
    if reason is not None:
        _tell({"error": reason})
        return
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    torch.set_num_threads(1)
    try:
        tokenizer = AutoTokenizer.from_pretrained(directory, local_files_only=True)
        model = AutoModelForSequenceClassification.from_pretrained(
            directory, local_files_only=True, use_safetensors=True
        ).eval()
    except (OSError, ValueError, RuntimeError, ImportError, LookupError) as error:
        _tell({"error": f"the model cannot be opened: {error}"[:500]})
        return
    values = values_of({int(n): str(label) for n, label in model.config.id2label.items()})
    if values is None:
        _tell({"error": f"the model's labels do not say what they mean: {list(model.config.id2label.values())}"[:500]})
        return
    weights = torch.tensor(values)
    _tell({"ready": True})
    for line in sys.stdin:
        number = None
        try:
            request = json.loads(line)
            number = request["id"]
            tokens = tokenizer(str(request["text"]), return_tensors="pt", truncation=True, max_length=128)
            with torch.inference_mode():
                shares = model(**tokens).logits[0].float().softmax(-1)
            _tell({"id": number, "score": float(shares @ weights)})
        except (ValueError, LookupError, TypeError, RuntimeError) as error:
            _tell({"id": number, "error": str(error)[:500]})


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
