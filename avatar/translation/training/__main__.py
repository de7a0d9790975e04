"""``python -m avatar.translation.training``; see the package."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from avatar.translation.training.prepare import MODELS

STEPS = 5000
FALL = 700


def main() -> None:
    """Parse and do."""
    parser = argparse.ArgumentParser(prog="python -m avatar.translation.training")
    steps = parser.add_subparsers(dest="step", required=True)
    for name in ("all", "prepare", "train", "finish"):
        step = steps.add_parser(name)
        step.add_argument("--work", type=Path, required=True)
        if name in ("all", "prepare"):
            step.add_argument("--data", type=Path, required=True)
        else:
            step.add_argument("--model", choices=MODELS, required=True)
        if name in ("all", "train"):
            step.add_argument("--steps", type=int, default=STEPS, help="in all, counting those of a checkpoint")
            step.add_argument("--device", default="cpu")
        if name in ("all", "finish"):
            step.add_argument("--out", type=Path, required=True)
            step.add_argument("--fall", type=int, default=FALL, help="steps with a rate falling to nothing")
    chosen = parser.parse_args()
    # each step imports what it needs: preparing needs no torch
    if chosen.step in ("all", "prepare"):
        from avatar.translation.training.prepare import prepare

        prepare(chosen.data, chosen.work)
    for model in MODELS if chosen.step == "all" else [getattr(chosen, "model", "")]:
        if chosen.step in ("all", "train"):
            from avatar.translation.training.train import Recipe, Training

            Training(chosen.work, model, Recipe(), chosen.device).run(chosen.steps)
        if chosen.step in ("all", "finish"):
            from avatar.translation.training.finish import finish

            out = chosen.out / model
            card = finish(chosen.work, model, out, chosen.fall, to_english=MODELS[model])
            print(json.dumps(card, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
