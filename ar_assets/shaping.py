"""Size, position and anchors of an imported model, and what the report tells about them."""

from __future__ import annotations

from ar_assets.anchors import Anchor, placing
from ar_assets.anchors.guess import guess, guess_placement
from ar_assets.categories import Placement
from ar_assets.document import Document
from ar_assets.normalise.shape import Shape, measure
from ar_assets.normalise.size import METRES, SizeFinding, judge
from ar_assets.normalise.stand import offset_for, placed_anew
from ar_assets.normalise.upright import Z_UP, lies_on_its_back
from ar_assets.report import Report
from ar_assets.request import ProcessOptions


def shape_up(document: Document, options: ProcessOptions, report: Report) -> Document:
    """Metres, +Y up, origin by category.

    A unit that the brand chose, or that the stated dimensions prove, is applied and reported; one that merely seems
    likelier for the category is offered, and so is another axis up. Raises: ValueError for a unit or an axis that there
    is none of, StepFailed.
    """
    document = _upright(document, options, report)
    shape = measure(document)
    finding = judge(shape.size.tolist(), options.category.value, options.stated_size_m)
    scale = 1.0
    if options.unit is not None:
        if options.unit not in METRES:
            raise ValueError(f"no such unit: {options.unit!r}")
        scale = METRES[options.unit]
        if scale != 1.0:
            report.changed("normalise", "unit", f"Read as {options.unit}, written in metres.", "The brand chose it.")
    elif finding.code == "unit_fits_stated":
        scale = finding.scale
        why = "The stated dimensions fit this unit only; glTF is in metres."
        report.changed("normalise", "unit", f"Read as {finding.unit}, written in metres.", why)
    else:
        _advise(finding, shape, options, report)
    if scale != 1.0:
        document = placed_anew(document, scale, (0.0, 0.0, 0.0))
        shape = measure(document)
    offset = offset_for(options.category.value, shape, options.placement)
    if any(offset):
        moved = ", ".join(f"{value:+.3f}" for value in offset)
        why = "Rooms and try-on need to know where the product stands or hangs."
        report.changed("normalise", "origin", f"Moved by ({moved}) m to the category's origin.", why)
        document = placed_anew(document, 1.0, offset)
    return document


def _upright(document: Document, options: ProcessOptions, report: Report) -> Document:
    """Turned to +Y up when the brand said +Z; offered when the shape says so."""
    if options.up not in (None, "y", "z"):
        raise ValueError(f"no such axis: {options.up!r}")
    if options.up == "z":
        report.changed("normalise", "up", "Read with Z up, written with Y up.", "The brand chose it.")
        return placed_anew(document, 1.0, (0.0, 0.0, 0.0), Z_UP)
    shape = measure(document)
    wide, tall, deep = (float(side) for side in shape.size.tolist())
    placement = options.placement or guess_placement((wide, tall, deep), options.category)
    hangs = placement is Placement.WALL
    if options.up is None and lies_on_its_back(shape, options.category.value, hangs=hangs):
        sentence = "The model seems to lie on its back. With Z up it would stand."
        report.advise("up_suspected", sentence, {"up": "z"})
    return document


def place_anchors(document: Document, options: ProcessOptions, report: Report) -> tuple[Document, Placement | None]:
    """With the anchors the brand placed, else those in the file, else a first guess; and where it goes in a room."""
    category = options.category.value
    shape = measure(document)
    wide, tall, deep = (float(side) for side in shape.size.tolist())
    placement = options.placement or guess_placement((wide, tall, deep), options.category)
    if options.anchors is not None:
        chosen = tuple(Anchor(name, position, rotation) for name, (position, rotation) in options.anchors.items())
    else:
        guessed = guess(shape.points, options.category, placement)
        there = {anchor.name: anchor for anchor in placing.in_nodes(document)}
        chosen = tuple(there.get(anchor.name, anchor) for anchor in guessed)
        if new := [anchor.name for anchor in chosen if anchor.name not in there]:
            sentence = f"Placed by a first guess from the shape: {', '.join(new)}. Please look at them in the editor."
            report.advise("anchors_guessed", sentence)
    placing.write(document, chosen, category=category)
    return document, placement


def _advise(finding: SizeFinding, shape: Shape, options: ProcessOptions, report: Report) -> None:
    wide, tall, deep = (f"{side:.3g}" for side in shape.size.tolist())
    size = f"{wide} x {tall} x {deep}"
    if finding.code == "unit_fits_category":
        sentence = f"The model measures {size} m, too much or too little for this category. In {finding.unit} it fits."
        report.advise("unit_suspected", sentence, {"unit": finding.unit or "m"})
    elif finding.code == "stated_differs":
        stated = " x ".join(f"{side:.3g}" for side in options.stated_size_m or ())
        report.advise("size_differs", f"The model measures {size} m, the product page says {stated} m.")
    elif finding.code == "implausible":
        report.advise("size_implausible", f"The model measures {size} m, which fits no unit for this category.")
