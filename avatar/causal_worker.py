"""The process that holds a Hugging Face causal language model: ``python -m avatar.causal_worker DIRECTORY``.

JSON lines in (``{"id": 1, "messages": […], "max_new_tokens": 200}``), JSON lines out (``{"ready": true}``, then
``{"id": 1, "piece": "…"}`` and ``{"id": 1, "done": true}``, or ``{"error": "…"}``). A newer question, or none any
more, ends what is being written. Ends with its standard input, so it never outlives its parent. Only local files are
opened and no code that comes with a model is run.
"""

from __future__ import annotations

import importlib.util
import json
import os
import queue
import sys
import threading
from pathlib import Path
from typing import Any

MAX_WAITING = 4


class _AbandonedError(Exception):
    """Nobody waits for this answer any more."""


class _Newest:
    """The number of the question that counts; others are given up."""

    def __init__(self) -> None:
        self.id = 0


def _tell(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def _listen(waiting: queue.Queue[dict[str, Any]], newest: _Newest) -> None:
    """Read questions until the parent is gone, then end the process at once: torch does not stop by itself."""
    for line in sys.stdin:
        try:
            request = json.loads(line)
            newest.id = int(request["id"])
            if "messages" in request:
                waiting.put_nowait(request)
        except (ValueError, LookupError, TypeError, queue.Full):
            continue
    os._exit(0)


def _missing(directory: Path) -> str | None:
    """Why the model cannot be opened, for people; None when nothing speaks against it."""
    absent = [name for name in ("torch", "transformers") if importlib.util.find_spec(name) is None]
    if absent:
        return f"{' and '.join(absent)} not installed (pip install 'vitrine[avatar-llm]')"
    if not (directory / "config.json").is_file():
        return f"no model in {directory}: there is no config.json"
    return None


def _prompt(tokenizer: Any, messages: list[dict[str, str]]) -> str:
    if getattr(tokenizer, "chat_template", None):
        return str(tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True))
    return "\n\n".join(message["content"] for message in messages) + "\n\n"


def _serve(directory: Path) -> None:
    reason = _missing(directory)
    if reason is not None:
        _tell({"error": reason})
        return
    newest = _Newest()
    waiting: queue.Queue[dict[str, Any]] = queue.Queue(MAX_WAITING)
    threading.Thread(target=_listen, args=(waiting, newest), name="questions", daemon=True).start()
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, TextStreamer

    class Pieces(TextStreamer):  # type: ignore[misc]
        """Tells each finished piece of text, and stops when a newer question has come."""

        def __init__(self, tokenizer: Any, request_id: int) -> None:
            super().__init__(tokenizer, skip_prompt=True, skip_special_tokens=True)
            self._id = request_id

        def on_finalized_text(self, text: str, stream_end: bool = False) -> None:
            """A piece of text that will not change any more."""
            if newest.id != self._id:
                raise _AbandonedError
            if text:
                _tell({"id": self._id, "piece": text})

    try:
        tokenizer = AutoTokenizer.from_pretrained(directory, local_files_only=True)
        model = AutoModelForCausalLM.from_pretrained(directory, local_files_only=True, dtype="auto").eval()
    except (OSError, ValueError, RuntimeError, ImportError) as error:
        _tell({"error": f"the model cannot be opened: {error}"[:500]})
        return
    model.to("cuda" if torch.cuda.is_available() else "cpu")
    _tell({"ready": True})
    while True:
        request = waiting.get()
        number = request["id"]
        if number != newest.id:
            continue
        try:
            tokens = tokenizer(_prompt(tokenizer, request["messages"]), return_tensors="pt", truncation=True)
            tokens = {name: tensor.to(model.device) for name, tensor in tokens.items() if name != "token_type_ids"}
            limit = min(int(request.get("max_new_tokens", 200)), 1000)
            with torch.inference_mode():
                model.generate(**tokens, max_new_tokens=limit, do_sample=False, streamer=Pieces(tokenizer, number))
            _tell({"id": number, "done": True})
        except _AbandonedError:
            continue
        except (RuntimeError, ValueError, LookupError, TypeError) as error:
            _tell({"id": number, "error": str(error)[:500]})


def main() -> None:
    """Serve the model in the directory that is named."""
    _serve(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
