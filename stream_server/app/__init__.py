"""The composition root: the only place that builds things and puts them together.

`open_ports` opens what lies outside (database, Valkey, media process, payment provider), `open_services` puts the
features on top of any ports, fakes included, `create_app` makes the web application of them, and `serve_web` runs
all three for as long as it is told to. Owners are opened around the server, not in its lifespan: uvicorn goes on
answering when a lifespan's task has crashed (docs/decisions.md).
"""

from stream_server.app.application import create_app
from stream_server.app.choices import Choices
from stream_server.app.parts import Parts, open_parts, open_services
from stream_server.app.ports import Ports, open_ports
from stream_server.app.processes import serve_app, serve_media, serve_web
from stream_server.app.tokens import issue_token

__all__ = [
    "Choices",
    "Parts",
    "Ports",
    "create_app",
    "issue_token",
    "open_parts",
    "open_ports",
    "open_services",
    "serve_app",
    "serve_media",
    "serve_web",
]
