"""Fuzzes the gate for 3D uploads: only refusals may come out, each input within its time and all within their memory.

``make fuzz-gate SECONDS=600``. A failing input is left in the working directory as ``gate-crash-SEED-NUMBER``.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from ar_assets.errors import Refused
from ar_assets.gate import examine
from tests.fuzz.gate_inputs import Damage

MAX_INPUT_S = 2.0
MAX_MEMORY_MB = 512
INPUTS_PER_SEED = 1000


def main() -> None:
    """Read the seconds from the command line and run."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    end, seed, codes, slowest = time.perf_counter() + seconds, time.time_ns() % 10**9, Counter[str](), 0.0
    with tempfile.TemporaryDirectory(prefix="fuzz-gate-") as folder:
        upload = Path(folder) / "upload"
        while time.perf_counter() < end:
            seed += 1
            damage = Damage(seed)
            for number in range(INPUTS_PER_SEED):
                data = damage.next()
                upload.write_bytes(data)
                began = time.perf_counter()
                try:
                    examine(upload)
                    codes["passes"] += 1
                except Refused as refused:
                    codes[refused.code] += 1
                except BaseException:
                    Path(f"gate-crash-{seed}-{number}").write_bytes(data)
                    raise
                slowest = max(slowest, time.perf_counter() - began)
                if slowest > MAX_INPUT_S:
                    Path(f"gate-crash-{seed}-{number}").write_bytes(data)
                    sys.exit(f"Seed {seed}, input {number} took {slowest:.1f} s.")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for code, count in codes.most_common():
        print(f"{count:9} {code}")
    print(f"{sum(codes.values())} inputs, slowest {slowest * 1000:.0f} ms, {memory} MB")
    if memory > MAX_MEMORY_MB:
        sys.exit(f"More than {MAX_MEMORY_MB} MB.")


if __name__ == "__main__":
    main()
