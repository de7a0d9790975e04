"""Sends every sample model beside the repository through the pipeline and prints what came out, one line each.

    python scripts/check_samples.py [NAME…]

Ends with 1 when a file is not valid, or an anchor, a variant or a millimetre was lost.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ar_assets.errors import AssetError
from tests.sample_models import SAMPLES, check, samples


def main() -> None:
    """Take the names from the command line; without any, all."""
    found = {name: path for name, path in samples().items() if not sys.argv[1:] or name in sys.argv[1:]}
    if not found:
        sys.exit(f"There are no sample models in {SAMPLES}.")
    is_bad = False
    print(f"{'model':22} {'in kB':>7} {'web kB':>7} {'USDZ':>4} {'looks':>5} {'anchors':>7}  {'size, m':21} {'s':>5}")
    for name, source in found.items():
        with tempfile.TemporaryDirectory(prefix="samples-") as folder:
            try:
                one = check(name, source, Path(folder))
            except AssetError as error:
                is_bad = True
                print(f"{name:22} {error.code}: {error}", flush=True)
                continue
        size = " x ".join(f"{side:.3f}" for side in one.size_m)
        print(
            f"{name:22} {one.source_bytes / 1000:7.0f} {one.web_bytes / 1000:7.0f} {one.usdz_files:4} "
            f"{one.variants:5} {one.anchors:7}  {size:21} {one.seconds:5.1f}  {'; '.join(one.problems) or 'ok'}",
            flush=True,
        )
        is_bad = is_bad or bool(one.problems)
    sys.exit(1 if is_bad else 0)


if __name__ == "__main__":
    main()
