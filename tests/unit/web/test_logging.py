from __future__ import annotations

import logging

import pytest

from stream_server.web.logging import configure_logging, hide_secrets

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJob3N0In0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("token", "abc", "[hidden]"),
        ("stripe_secret", "sk_live_1", "[hidden]"),
        ("Authorization", "Bearer abcdef", "[hidden]"),
        ("event", f"hello {JWT} bye", "hello [hidden] bye"),
        ("error", "connect postgresql://vitrine:pass@db/vitrine", "connect postgresql://[hidden]@db/vitrine"),
        ("event", "header was Bearer abc.def", "header was Bearer [hidden]"),
        ("path", "/watch/show_a?token=abc", "/watch/show_a"),
        ("show_id", "show_a", "show_a"),
    ],
)
def test_secrets_do_not_reach_the_log(key: str, value: str, shown: str) -> None:
    assert hide_secrets(None, "info", {key: value})[key] == shown


def test_lines_of_libraries_and_ours_go_through_the_same_door(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import structlog

    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    level = root.level
    try:
        configure_logging("json", "info")
        structlog.get_logger("ours").info("show is live", show_id="show_a", token="abc")
        logging.getLogger("library").warning("said %s", JWT)
        logging.getLogger("uvicorn.access").info("GET /?token=1")
    finally:
        structlog.reset_defaults()
        root.setLevel(level)
        for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "httpx2", "alembic"):
            logging.getLogger(name).setLevel(logging.NOTSET)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert '"show_id": "show_a"' in lines[0]
    assert '"token": "[hidden]"' in lines[0]
    assert "[hidden]" in lines[1]
