"""The process of one job: confines itself, then turns the upload into a model. Run by `asset_jobs.runner`.

One JSON object comes on standard input; JSON lines go out on standard output: ``ready``, any number of ``step``, and
one of ``done``, ``refused``, ``failed``. Files are read and written in the folder that the request names.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

from stream_server.asset_jobs.sandbox import Confinement, confine

logger = logging.getLogger(__name__)


class Line:
    """Where the parent listens. Libraries that print reach standard error instead."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def say(self, kind: str, **fields: Any) -> None:
        """One line. A parent that is gone ends us."""
        self._stream.write(json.dumps({"type": kind, **fields}).encode() + b"\n")
        self._stream.flush()

    def step(self, step: str, fraction: float) -> None:
        """`ar_assets.pipeline.Progress`."""
        self.say("step", step=str(step), fraction=float(fraction))


def main() -> int:
    """Do the one job on standard input."""
    request = json.loads(sys.stdin.buffer.readline())
    line = Line(os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)
    how = Confinement.from_json(request["confinement"])
    work = Path(how.work)
    os.chdir(work)
    line.say("ready", layers=confine(how))
    # Imported only now: whatever these libraries do while they start, they do it confined.
    from ar_assets.errors import AssetError, Refused

    try:
        if request["kind"] == "anchors":
            from stream_server.asset_jobs.anchors import write_anchors

            write_anchors(work / "base", work / "out", request["order"], line)
        else:
            _make(work, request, line)
    except Refused as error:
        line.say("refused", code=error.code, message=str(error), detail=error.detail())
    except AssetError as error:
        line.say("failed", code=error.code, message=str(error), detail=error.detail(), may_help=error.is_retryable)
    except MemoryError:
        line.say("refused", code="too_complex", message=_TOO_COMPLEX, detail={})
    except Exception as error:
        # The fault boundary of one file: what it is goes to the log, the brand learns that it is our mistake.
        logger.exception("a model could not be made")
        line.say("failed", code="internal", message=_OURS, detail={}, may_help=isinstance(error, OSError))
    else:
        line.say("done")
    return 0


_OURS = "Something went wrong on our side with this file."
_TOO_COMPLEX = "This model needs more memory than one product may use. Reduce its triangles and pictures."


def _make(work: Path, request: dict[str, Any], line: Line) -> None:
    from ar_assets.categories import Category, Placement
    from ar_assets.pipeline import ProcessOptions, process

    order = request["order"]
    size = order["stated_size_m"]
    options = ProcessOptions(
        category=Category(order["category"]),
        stated_size_m=None if size is None else (size[0], size[1], size[2]),
        unit=order["unit"],
        up=order["up"],
        placement=None if order["placement"] is None else Placement(order["placement"]),
    )
    process(work / request["source"], work / "out", options, line)


if __name__ == "__main__":
    sys.exit(main())
