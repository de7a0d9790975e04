"""Models behind the port: the shipped weights, damaged ones, folders and endpoints of the operator's own."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from avatar.translation.embedded import DIRECTIONS, SHIPPED, EmbeddedModel
from avatar.translation.engine import Engine, ModelRefused
from avatar.translation.model import Trust
from avatar.translation.translator import Translator
from avatar.translation.upgrades import Upgrade, open_upgrade, open_upgrades

LINE = "Our neighbour buys three old lamps for $12.50 @ana"
SAID = "Nuestra vecina compra tres lámparas viejas por ⟦0⟧ ⟦1⟧"
Reply = Callable[[dict[str, Any]], tuple[int, bytes]]


def has_weights(name: str) -> bool:
    return (SHIPPED / name / "model.bin").is_file()


def reply_of(lines: list[object]) -> bytes:
    content = "```json\n" + json.dumps({"lines": lines}, ensure_ascii=False) + "\n```"
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


@contextmanager
def endpoint(reply: Reply) -> Iterator[tuple[str, list[tuple[dict[str, Any], str]]]]:
    """A local server that speaks the protocol, and what it was asked."""
    seen: list[tuple[dict[str, Any], str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            seen.append((body, self.headers.get("authorization", "")))
            status, data = reply(json.loads(body["messages"][1]["content"]))
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1", seen
        finally:
            server.shutdown()
            thread.join()


def asked(url: str, **options: Any) -> Engine:
    return open_upgrade(Upgrade("endpoint", url, ("en-es",), model="tiny", api_key="secret", **options))


def test_an_endpoint_translates_with_the_shops_words_before_it() -> None:
    with endpoint(lambda data: (200, reply_of([SAID] * len(data["lines"])))) as (url, seen):
        engine = asked(url)
        (result,) = Translator([engine]).translate([LINE], "en", "es")
        engine.close()
    assert (result.text, result.trust) == ("Nuestra vecina compra tres lámparas viejas por $12.50 @ana", Trust.MODEL)
    body, key = seen[0]
    assert key == "Bearer secret"
    data = json.loads(body["messages"][1]["content"])
    assert data["placeholders"] == [{"⟦0⟧": "$12.50", "⟦1⟧": "@ana"}]
    assert data["lines"] == ["Our neighbour buys three old lamps for ⟦0⟧ ⟦1⟧"]


@pytest.mark.parametrize(
    "reply",
    [
        (500, b""),
        (200, b"not json"),
        (200, b'{"choices": []}'),
        (200, b'{"choices": [{"message": {"content": null}}]}'),
        (200, reply_of([])),
        (200, reply_of([SAID, SAID])),
        (200, reply_of([{"text": SAID}])),
        (200, reply_of([SAID.replace("⟦0⟧", "$99")])),
        (200, b"x" * 500_000),
    ],
)
def test_an_endpoint_that_fails_or_lies_leaves_the_original(reply: tuple[int, bytes]) -> None:
    with endpoint(lambda _: reply) as (url, _):
        engine = asked(url)
        (result,) = Translator([engine]).translate([LINE], "en", "es")
        engine.close()
    assert (result.text, result.trust) == (LINE, Trust.ORIGINAL)


def test_an_endpoint_that_is_not_there_leaves_the_original() -> None:
    engine = asked("http://127.0.0.1:9/v1", timeout_s=0.5)
    assert engine.translate([LINE], ("en", "es"), [()]) == [None]
    engine.close()


@pytest.mark.parametrize(
    ("name", "readme"),
    [("nllb-200-distilled", ""), ("mine", "---\nlicense: cc-by-nc-4.0\n---\n"), ("seamless-m4t-v2", "")],
)
def test_non_commercial_weights_are_refused_unless_the_operator_says_so(tmp_path: Path, name: str, readme: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "README.md").write_text(readme)
    engines, problems = open_upgrades([Upgrade("folder", str(folder), ("en-fr",))])
    assert engines == []
    assert "non-commercial" in problems["en-fr"]
    with pytest.raises(ModelRefused, match="holds neither"):
        open_upgrade(Upgrade("folder", str(folder), ("en-fr",), is_non_commercial_allowed=True))


def test_folders_that_hold_no_model_are_refused_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match="no folder"):
        open_upgrade(Upgrade("folder", str(tmp_path / "absent"), ("en-fr",)))
    (tmp_path / "model.bin").write_bytes(b"no model")
    with pytest.raises(ModelRefused):
        open_upgrade(Upgrade("folder", str(tmp_path), ("en-fr",)))


def test_missing_weights_are_a_state_and_no_error(tmp_path: Path) -> None:
    translator = Translator.open(tmp_path)
    assert all("missing" in translator.problems[way] for way in ("en-es", "en-zh", "es-en", "zh-en"))


@pytest.mark.parametrize("name", [name for name in DIRECTIONS if has_weights(name)])
@pytest.mark.parametrize("damage", ["cut", "flipped", "pieces"])
def test_damaged_weights_are_a_state_and_no_error(tmp_path: Path, name: str, damage: str) -> None:
    shutil.copytree(SHIPPED / name, tmp_path / name)
    file = tmp_path / name / ("pieces.model" if damage == "pieces" else "model.bin")
    data = bytearray(file.read_bytes())
    if damage == "cut":
        (tmp_path / name / "checksums.txt").unlink(missing_ok=True)
        data = data[: len(data) // 2]
    else:
        data[len(data) // 2] ^= 0xFF
        if not (tmp_path / name / "checksums.txt").is_file():
            pytest.skip("no checksums are shipped yet")
    file.write_bytes(data)
    with pytest.raises(ModelRefused):
        EmbeddedModel(tmp_path / name)


@pytest.mark.parametrize("name", [name for name in DIRECTIONS if has_weights(name)])
def test_shipped_weights_translate_and_say_their_licence(name: str) -> None:
    engine = EmbeddedModel(SHIPPED / name)
    assert "Tatoeba" in engine.info.licence
    lines = {"en": "I like the red one.", "es": "Me gusta el rojo.", "zh": "我喜欢红色的。"}
    for direction in engine.directions:
        (draft,) = engine.translate([lines[direction[0]]], direction, [()])
        assert draft is not None
        assert draft.text
        assert draft.score is not None
        assert draft.score > -1
    assert sum(file.stat().st_size for file in (SHIPPED / name).iterdir()) < 12_000_000
    engine.close()


@pytest.mark.skipif(not has_weights("en2x"), reason="no weights here")
def test_our_own_folder_is_one_of_the_folders_that_an_operator_may_name() -> None:
    (engine,), problems = open_upgrades([Upgrade("folder", str(SHIPPED / "en2x"), ("en-es",))])
    assert problems == {}
    (result,) = Translator([engine]).translate(["Our neighbour bought it for $12."], "en", "es")
    assert "$12" in result.text
    engine.close()
