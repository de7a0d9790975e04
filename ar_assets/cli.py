"""3D products on the command line: check, optimise, USDZ, poster (``python -m ar_assets``, ``vitrine assets``)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ar_assets.categories import Category, Placement
from ar_assets.errors import AssetError

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
_say = Console(highlight=False, soft_wrap=True)
_complain = Console(stderr=True, highlight=False, soft_wrap=True)

Upload = Annotated[Path, typer.Argument(help="GLB, STL, PLY, or a zip of glTF or OBJ", exists=True, dir_okay=False)]
Out = Annotated[Path, typer.Option("--out", "-o", help="Where the result goes")]
Kind = Annotated[Category, typer.Option(help="What kind of product it is")]


def main() -> None:
    """Entry point of ``python -m ar_assets``."""
    cli()


@cli.command()
def check(file: Upload) -> None:
    """Say what a file is and whether it can become a product; 1 when it cannot."""
    from ar_assets.gate import examine

    with _one_sentence():
        found = examine(file)
    table = Table(show_header=False, box=None)
    for name in ("format", "bytes", "root", "triangles", "nodes", "images", "pixels", "extensions"):
        value = getattr(found, name)
        if value:
            table.add_row(name, ", ".join(value) if isinstance(value, tuple) else str(value))
    _say.print(table)


@cli.command()
def optimise(
    file: Upload,
    out: Out,
    category: Kind = Category.OTHER,
    size: Annotated[str, typer.Option(help="Stated size in metres: WIDTHxHEIGHTxDEPTH")] = "",
    unit: Annotated[str, typer.Option(help="Unit of the file where the guess is wrong: m, cm, mm, inch, ft")] = "",
    up: Annotated[str, typer.Option(help="Axis that points up in the file where it is not y: z")] = "",
    placement: Annotated[Placement | None, typer.Option(help="Where it goes in a room")] = None,
    quick: Annotated[bool, typer.Option(help="No USDZ and no pictures")] = False,
) -> None:
    """Make everything the player needs: web.glb, levels, USDZ per variant, pictures, facts and a report."""
    from ar_assets.pipeline import ProcessOptions, process

    options = ProcessOptions(
        category=category,
        stated_size_m=_size(size),
        unit=unit or None,
        up=up or None,
        placement=placement,
        usdz=not quick,
        pictures=not quick,
    )
    with _one_sentence():
        report = process(file, out, options, _Lines())
    table = Table("file", "bytes", "triangles", "worst dB", "recipe", box=None)
    for row in report.quality:
        table.add_row(row.profile, str(row.bytes), str(row.triangles), f"{row.worst_psnr_db:.1f}", row.recipe)
    _say.print(table)
    for change in report.changes:
        _say.print(f"· {change.what} {change.why}")
    for advice in report.advice:
        _say.print(f"[yellow]![/] {advice.sentence}")
    _say.print(f"Everything is in {out}.")


@cli.command()
def usdz(
    file: Upload,
    out: Out,
    variant: Annotated[str, typer.Option(help="Name of a variant; the default look when left out")] = "",
) -> None:
    """Write one USDZ for Quick Look on iOS; ``--out`` names the file."""
    from ar_assets import usdz as writing

    with _one_sentence(), tempfile.TemporaryDirectory(prefix="vitrine-") as folder:
        done = writing.export(_plain(file, Path(folder)), out, variant=variant or None)
    _say.print(f"{out}: {done.bytes} bytes, {done.triangles} triangles")
    for loss in done.losses:
        _say.print(f"[yellow]![/] {loss}")


@cli.command()
def poster(
    file: Upload,
    out: Out,
    category: Kind = Category.OTHER,
    size: Annotated[int, typer.Option(min=64, max=4096, help="Side in pixels")] = 1200,
) -> None:
    """Draw one picture of the model; ``--out`` names a .webp file."""
    from ar_assets import render

    with _one_sentence(), tempfile.TemporaryDirectory(prefix="vitrine-") as folder:
        scene = render.scene_of(_plain(file, Path(folder)), size)
        picture = render.poster(scene, size=size, category=category.value)
        out.write_bytes(render.webp(picture))
    _say.print(str(out))


@contextmanager
def _one_sentence() -> Iterator[None]:
    """Turns the library's errors into one sentence and exit status 1."""
    try:
        yield
    except AssetError as error:
        _complain.print(f"[bold red]{error.code}[/]: {error}")
        raise typer.Exit(1) from error


class _Lines:
    """Prints each step once."""

    def step(self, step: str, fraction: float) -> None:
        """One line per step."""
        _say.print(f"[dim]{fraction:4.0%}[/] {step}")


def _plain(file: Path, folder: Path) -> Path:
    from ar_assets.gate import examine
    from ar_assets.importing import import_model
    from ar_assets.node_worker import NodeWorker

    upload = folder / "upload"
    upload.mkdir()
    with NodeWorker() as worker:
        return import_model(file, examine(file, unpack_to=upload), folder, worker).path


def _size(text: str) -> tuple[float, float, float] | None:
    if not text:
        return None
    try:
        x, y, z = (float(part) for part in text.lower().split("x"))
    except ValueError as error:
        raise typer.BadParameter("three numbers with x between them, e.g. 0.3x0.12x0.1") from error
    return (x, y, z)
