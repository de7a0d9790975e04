"""``python -m avatar.translation.training``; see the package."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from avatar.translation.training.prepare import MODELS


def main() -> None:
    """Parse and do."""
    parser = argparse.ArgumentParser(prog="python -m avatar.translation.training")
    steps = parser.add_subparsers(dest="step", required=True)
    for name in ("prepare", "train", "finish"):
        step = steps.add_parser(name)
        step.add_argument("--work", type=Path, required=True)
        if name == "prepare":
            step.add_argument("--data", type=Path, required=True)
        else:
            step.add_argument("--model", choices=MODELS, required=True)
        if name == "train":
            step.add_argument("--seconds", type=float, required=True, help="CPU time to go on for")
            step.add_argument("--device", default="cpu")
        if name == "finish":
            step.add_argument("--out", type=Path, required=True)
            step.add_argument("--steps", type=int, default=600, help="with a rate falling to nothing")
    chosen = parser.parse_args()
    # each step imports what it needs: preparing needs no torch
    if chosen.step == "prepare":
        from avatar.translation.training.prepare import prepare

        prepare(chosen.data, chosen.work)
    elif chosen.step == "train":
        from avatar.translation.training.train import Recipe, Training

        Training(chosen.work, chosen.model, Recipe(), chosen.device).run(chosen.seconds)
    else:
        from avatar.translation.training.finish import finish

        card = finish(chosen.work, chosen.model, chosen.out, chosen.steps, to_english=MODELS[chosen.model])
        print(json.dumps(card, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
