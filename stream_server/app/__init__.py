"""The composition root: the only place that builds things and puts them together.

`open_ports` opens what lies outside (database, Valkey, media process, payment provider), `open_services` puts the
features on top of any ports, fakes included, `create_app` makes the web application of them, and `serve_web` runs
all three for as long as it is told to. Owners are opened around the server, not in its lifespan: uvicorn goes on
answering when a lifespan's task has crashed (docs/decisions.md).

Nothing is imported here, so that each process loads only its own half.
"""
