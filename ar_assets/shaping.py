"""Size, position and anchors of an imported model, and what the report tells about them."""

from __future__ import annotations

from ar_assets.anchors import Anchor, placing
from ar_assets.categories import Placement
from ar_assets.document import Document
from ar_assets.report import Report
from ar_assets.request import ProcessOptions


def shape_up(document: Document, options: ProcessOptions, report: Report) -> Document:
    """Metres, +Y up, origin by category."""
    return document


def place_anchors(document: Document, options: ProcessOptions, report: Report) -> tuple[Document, Placement | None]:
    """With the anchors the brand placed, else with a first guess; and where in a room the product goes."""
    if options.anchors is not None:
        chosen = tuple(Anchor(name, position, rotation) for name, (position, rotation) in options.anchors.items())
        placing.write(document, chosen, category=options.category.value)
    return document, options.placement
