"""The command line of the AI host, without the server: say a line, rehearse a show, translate, list the voices.

python -m avatar say "¡Bienvenidos! Hoy, 19,99 €." --lang es -o out.mp4
python -m avatar rehearse rundown.json -o show.mp4
python -m avatar translate "How much is shipping?" --to es
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from avatar.errors import AvatarError, BadRundown
from avatar.model import Gesture

if TYPE_CHECKING:
    from avatar.film import Film

GESTURES: tuple[Gesture, ...] = ("idle", "wave", "point_product", "count_down", "think", "celebrate", "listen", "nod")
MAX_SCRIPT_CHARS = 100_000
SIZES = {"wide": (1280, 720), "tall": (720, 1280)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked, 1 with a sentence on standard error when not."""
    options = _parser().parse_args(arguments)
    try:
        return int(asyncio.run(options.run(options)))
    except (AvatarError, OSError) as error:
        print(f"vitrine avatar: {error}", file=sys.stderr)  # noqa: T201 (this is the command line)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vitrine avatar", description="The AI host, without the server.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    say = commands.add_parser("say", help="speak a text into a film")
    say.add_argument("text", help="what to say; - reads standard input")
    say.add_argument("--lang", default="en", help="BCP 47 language of the text (default: en)")
    say.add_argument("--gesture", choices=GESTURES, default="wave")
    say.add_argument("--picture", type=Path, help="picture of a product for the stand (JPEG, PNG, WebP)")
    say.add_argument("--question", help="a viewer's question to show")
    say.set_defaults(run=_say)
    rehearse = commands.add_parser("rehearse", help="go once through a rundown, into a film")
    rehearse.add_argument("rundown", type=Path, help="JSON, see avatar/rundown_file.py")
    rehearse.add_argument("--lang", default=None, help="instead of the rundown's own language")
    rehearse.add_argument(
        "--seconds", type=float, default=0.0, help="stop after so long (default: one round, at most an hour)"
    )
    rehearse.add_argument("--pictures", type=Path, help="folder with a picture per product, named by its id")
    rehearse.set_defaults(run=_rehearse)
    for command in (say, rehearse):
        command.add_argument("-o", "--output", type=Path, required=True, help="film to write (.mp4)")
        command.add_argument("--format", choices=tuple(SIZES), default="wide")
        command.add_argument("--captions", type=Path, help="also write WebVTT here")
    translate = commands.add_parser("translate", help="translate lines, and say how far each can be trusted")
    translate.add_argument("text", help="the line; - reads lines from standard input")
    translate.add_argument("--to", required=True, help="BCP 47 language to translate into")
    translate.add_argument("--from", dest="source", default=None, help="its language (default: identified)")
    translate.add_argument("--keep", action="append", default=[], help="a word that is not translated; may be repeated")
    translate.add_argument(
        "--weights", type=Path, default=None, help="folder with en2x and x2en (default: the shipped)"
    )
    translate.set_defaults(run=_translate)
    voices = commands.add_parser("voices", help="which voice speaks which language here")
    voices.set_defaults(run=_voices)
    return parser


def _film(options: argparse.Namespace, lang: str) -> Film:
    # skia and PyAV take half a second to load; `voices` and --help do without.
    from avatar.film import Film

    width, height = SIZES[options.format]
    return Film(options.output, lang, width, height)


async def _say(options: argparse.Namespace) -> int:
    from avatar.performance import Spoken
    from avatar.speech.sentences import split
    from avatar.speech.voices import open_voices

    text = sys.stdin.read(MAX_SCRIPT_CHARS) if options.text == "-" else options.text[:MAX_SCRIPT_CHARS]
    with _film(options, options.lang) as film:
        if options.picture and not film.stage.set_picture("product", options.picture.read_bytes()):
            raise BadRundown(f"{options.picture} is no picture that can be shown")
        async with open_voices() as voices:
            for n, sentence in enumerate(split(text) or [text]):
                film.play(
                    Spoken(
                        await voices.say(sentence, options.lang),
                        gesture=options.gesture if n == 0 else "idle",
                        beat="answer" if options.question else "present",
                        product_id="product" if options.picture else None,
                        question=options.question,
                        pause_after_s=0.25,
                        key=n,
                    )
                )
        film.idle(0.6)
    _finish(film, options.captions)
    return 0


async def _rehearse(options: argparse.Namespace) -> int:
    from avatar.rehearsal import rehearse
    from avatar.rundown_file import MAX_FILE_CHARS, read_rundown

    with options.rundown.open(encoding="utf-8") as file:
        plan = read_rundown(file.read(MAX_FILE_CHARS + 1))
    with _film(options, options.lang or plan.lang) as film:
        await rehearse(plan, film, options.lang or plan.lang, options.seconds, options.pictures)
        film.idle(0.6)
    _finish(film, options.captions)
    return 0


def _finish(film: Film, captions: Path | None) -> None:
    from avatar.captions import webvtt

    if captions is not None:
        captions.write_text(webvtt(film.cues), encoding="utf-8")
    print(f"{film.path}: {film.seconds:.1f} s")  # noqa: T201 (this is the command line)


async def _translate(options: argparse.Namespace) -> int:
    from avatar.translation.glossary import Glossary
    from avatar.translation.translator import Translator

    text = sys.stdin.read(MAX_SCRIPT_CHARS) if options.text == "-" else options.text[:MAX_SCRIPT_CHARS]
    translator = Translator.open(options.weights)
    for direction, reason in translator.problems.items():
        print(f"no model for {direction}: {reason}", file=sys.stderr)  # noqa: T201 (this is the command line)
    results = translator.translate(text.splitlines(), options.source, options.to, Glossary(keep=tuple(options.keep)))
    for result in results:
        print(f"{result.source}→{result.target}  {result.trust:<8}  {result.text}")  # noqa: T201
    return 0


async def _voices(options: argparse.Namespace) -> int:
    from avatar.model import LANGUAGES
    from avatar.speech.voices import open_voices

    async with open_voices() as voices:
        for lang in LANGUAGES:
            info = voices.chosen(lang)
            if info is not None:
                print(f"{lang}  {info.engine:<18} {info.licence}")  # noqa: T201 (this is the command line)
    return 0
