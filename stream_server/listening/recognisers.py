"""Opens what a host is understood with."""

from __future__ import annotations

from pathlib import Path

from avatar.listening.agreement import LocalAgreement
from avatar.listening.ports import CommandHearer, Recogniser
from avatar.listening.settling import Settling
from avatar.listening.sphinx import CommandListener, SphinxRecogniser, is_present
from avatar.listening.whisper import WhisperTranscriber

COMMAND_LANGUAGE = "en"
"""Voice commands are English: PocketSphinx brings no other model."""


def open_recogniser(engine: str, language: str, folder: Path | None) -> Recogniser:
    """The recogniser of this name (`Hearer.engine`). Takes a second. Raises: ListeningUnavailable."""
    if engine == "whisper" and folder is not None:
        return LocalAgreement(WhisperTranscriber(folder, language))
    return Settling(SphinxRecogniser())


def open_commands(language: str) -> CommandHearer | None:
    """What hears commands, where there is something that does. Raises: ListeningUnavailable."""
    return CommandListener() if language == COMMAND_LANGUAGE and is_present() else None
