"""The command line: ``vitrine serve``, ``vitrine demo``, ``vitrine token``; and the processes a server starts itself.

Each command imports what it runs, so that the supervisor stays small and a media process does not load the web.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop
from pydantic import ValidationError
from rich.console import Console

from ar_assets.cli import cli as assets
from stream_server.config import Config, MissingSecret
from stream_server.processes import FirstUse, can_listen, can_speak, demo_host_child, whole_server
from stream_server.supervisor import ChildFailed

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
cli.add_typer(assets, name="assets")
say = Console(highlight=False, soft_wrap=True)
complain = Console(stderr=True, highlight=False, soft_wrap=True)

RuntimeDir = Annotated[Path, typer.Option(help="Where the server's sockets are.", exists=True, file_okay=False)]


def main() -> None:
    """Entry point of the ``vitrine`` command."""
    cli()


@cli.command()
def serve() -> None:
    """Serve until Ctrl-C. Settings come from the environment (VITRINE_*, see .env.example)."""
    config = settings()
    until_stopped(lambda stop: _serve(config, stop), run=asyncio.run)


@cli.command()
def demo() -> None:
    """Serve the demo shop with a show that is live by itself, and print the links."""
    config = settings()
    until_stopped(lambda stop: _demo(config, stop), run=asyncio.run)


@cli.command()
def token(
    role: Annotated[str, typer.Option(help="viewer, host, brand, moderator or admin")],
    name: Annotated[str, typer.Option(help="The name others see")],
    person_id: Annotated[str, typer.Option("--id", help="Who it is; a new one if left out")] = "",
    brand: Annotated[str, typer.Option(help="Brand id, for role brand")] = "",
    show: Annotated[list[str] | None, typer.Option(help="Show ids, for role moderator")] = None,
    hours: Annotated[float, typer.Option(min=0.01, max=24 * 366, help="How long it is valid")] = 12,
) -> None:
    """Print a signed token for one person."""
    from stream_server.app.tokens import issue_token

    typer.echo(
        issue_token(
            settings(), role=role, name=name, person_id=person_id, brand_id=brand, show_ids=show or [], hours=hours
        )
    )


@cli.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
def avatar(context: typer.Context) -> None:
    """The AI host without the server: `vitrine avatar say TEXT -o FILM`, `rehearse RUNDOWN -o FILM`, `voices`."""
    from avatar.cli import main as avatar_main

    raise typer.Exit(avatar_main(context.args))


@cli.command(hidden=True)
def web(runtime_dir: RuntimeDir) -> None:
    """Run one web process; `serve` starts it."""
    from stream_server.app.web import serve_web

    config = settings()
    until_stopped(lambda stop: serve_web(config, runtime_dir, stop), run=uvloop.run)


@cli.command(hidden=True)
def media(
    runtime_dir: RuntimeDir,
    index: Annotated[int, typer.Option(min=0, help="Which one of them this is")] = 0,
) -> None:
    """Run one media process; `serve` starts it."""
    from stream_server.app.media import serve_media

    config = settings()
    until_stopped(lambda stop: serve_media(config, runtime_dir, index, stop, owns_process=True), run=uvloop.run)


@cli.command("model-worker")
def model_worker(
    runtime_dir: Annotated[
        Path | None, typer.Option(help="Where the embedded Valkey's socket is.", hidden=True)
    ] = None,
) -> None:
    """Turn uploaded 3D models into products. `serve` starts one; others need its database, Redis and data directory."""
    from stream_server.app.assets import serve_assets

    config = settings()
    if runtime_dir is None and config.redis_url is None:
        complain.print("[bold red]VITRINE_REDIS_URL[/]: a worker of its own needs the server's Redis")
        raise typer.Exit(2)
    until_stopped(lambda stop: serve_assets(config, runtime_dir or Path(), stop), run=uvloop.run)


@cli.command()
def host(
    runtime_dir: Annotated[
        Path | None, typer.Option(help="Where the embedded Valkey's socket is.", hidden=True)
    ] = None,
) -> None:
    """Keep the AI hosts of the shows that want one. `serve` starts it; others need its database, Redis and secret."""
    from stream_server.virtual_host.serve import serve_hosts

    config = settings()
    if runtime_dir is None and config.redis_url is None:
        complain.print("[bold red]VITRINE_REDIS_URL[/]: AI hosts on a machine of their own need the server's Redis")
        raise typer.Exit(2)
    if not can_speak():
        complain.print("AI hosts need voice and stage: pip install 'vitrine[avatar]'")
        raise typer.Exit(2)
    until_stopped(lambda stop: serve_hosts(config, runtime_dir, stop), run=asyncio.run)


@cli.command()
def listen(
    runtime_dir: Annotated[
        Path | None, typer.Option(help="Where the embedded Valkey's socket is.", hidden=True)
    ] = None,
) -> None:
    """Caption what hosts say, and do what they tell the studio. `serve` starts it; others need its Redis and secret."""
    from stream_server.listening.serve import serve_listeners

    config = settings()
    if runtime_dir is None and config.redis_url is None:
        complain.print("[bold red]VITRINE_REDIS_URL[/]: listeners on a machine of their own need the server's Redis")
        raise typer.Exit(2)
    if not can_listen(config):
        complain.print("Listening needs a recogniser: pip install 'vitrine[listening]'")
        raise typer.Exit(2)
    until_stopped(lambda stop: serve_listeners(config, runtime_dir, stop), run=asyncio.run)


@cli.command(hidden=True)
def seed(runtime_dir: RuntimeDir) -> None:
    """Put the demo shop into the database and leave its links in the runtime directory; `demo` starts it."""
    from stream_server.demo.opening import open_shop

    config = settings()
    links = asyncio.run(open_shop(config, runtime_dir))
    (runtime_dir / FirstUse.FILE).write_text(json.dumps(links))


def settings() -> Config:
    """Read the settings; a wrong one ends the program with a sentence about each."""
    try:
        return Config()
    except ValidationError as error:
        for problem in error.errors():
            name = "VITRINE_" + "__".join(str(part) for part in problem["loc"]).upper()
            complain.print(f"[bold red]{name}[/]: {problem['msg']}")
        raise typer.Exit(2) from error


def until_stopped(
    work: Callable[[asyncio.Event], Coroutine[Any, Any, None]], run: Callable[[Coroutine[Any, Any, None]], None]
) -> None:
    """Run ``work`` with an event that SIGINT and SIGTERM set; failures of the start become one sentence."""

    async def body() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        await work(stop)

    try:
        run(body())
    except* (ChildFailed, MissingSecret, OSError) as group:  # TimeoutError and AddressInUse are OSErrors
        for error in group.exceptions:
            complain.print(f"[bold red]Vitrine could not start:[/] {error or 'a part did not become ready in time'}")
        sys.exit(1)


async def _serve(config: Config, stop: asyncio.Event) -> None:
    async with whole_server(config, _step) as _:
        say.print(f"[bold]Vitrine[/] serves at {config.base_url}  (Ctrl-C ends it)")
        await stop.wait()
        say.print("Ending …")


async def _demo(config: Config, stop: asyncio.Event) -> None:
    if config.media_processes is None:  # one viewer's laptop: more processes would only take its memory
        config = config.model_copy(update={"media_processes": 1})
    first = FirstUse()
    async with whole_server(config, _step, first_use=first) as supervisor:
        links = first.links
        if not can_speak():
            _step("The AI host needs 'vitrine[avatar]', so the packaged film is shown. Starting the demo host")
            await supervisor.start(demo_host_child(config, links), ready=_at_once)
        say.print(f"\n[bold]Vitrine[/] is open at [bold]{config.base_url}[/]\n")
        for link in links["links"]:
            say.print(f"  {link['label']:<22} {link['url']}", style="" if link["label"] != "Viewer" else "bold")
        say.print("\nThe show is live by itself. Ctrl-C ends everything.")
        await stop.wait()
        say.print("Ending …")


async def _at_once() -> bool:
    return True


def _step(what: str) -> None:
    say.print(f"[dim]·[/] {what} …")
