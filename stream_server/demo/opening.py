"""Opens the demo shop: seeds it and makes the links, with their tokens, that a newcomer starts from."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from stream_server.app.parts import Parts, open_parts
from stream_server.config import Config
from stream_server.demo.seed import Seeded, seed

VALID_FOR_S = 7 * 24 * 3600.0
HOST = "mira"


async def open_shop(config: Config, runtime_dir: Path) -> dict[str, Any]:
    """Seed the database of the settings; returns ``links`` (label, url), ``show_id`` and ``host_token``."""
    async with open_parts(config, runtime_dir) as parts:
        return links(config.base_url, parts, await seed(parts))


def links(base_url: str, parts: Parts, seeded: Seeded) -> dict[str, Any]:
    """Where to go as whom. Tokens travel in the fragment, which browsers do not send to servers."""
    tokens = {key: parts.tokens.issue(person, VALID_FOR_S) for key, person in seeded.people.items()}
    brands = [person for person in seeded.people.values() if person.role == "brand"]
    show = seeded.live_show

    def link(path: str, key: str, **more: str) -> str:
        return f"{base_url}{path}#{urlencode({'token': tokens[key], **more})}"

    moderator = next(key for key, person in seeded.people.items() if person.role == "moderator")
    admin = next(key for key, person in seeded.people.items() if person.role == "admin")
    return {
        "show_id": show,
        "host_token": tokens[HOST],
        "links": [
            {"label": "Viewer", "url": f"{base_url}/watch/{show}"},
            {"label": "Host", "url": link("/studio", HOST, show=show)},
            *({"label": f"Brand ({brand.name})", "url": link("/console", brand.id)} for brand in brands),
            {"label": "Moderator", "url": link(f"/watch/{show}", moderator)},
            {"label": "Admin", "url": link("/console", admin)},
        ],
    }
