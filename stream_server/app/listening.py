"""What a server understands its hosts' speech with: found out without opening any of it."""

from __future__ import annotations

from importlib.util import find_spec

from stream_server.captions.listening import ANY_LANGUAGE, Hearer
from stream_server.config import Config


def hearers(config: Config) -> list[Hearer]:
    """The recognisers that are installed, the best one first."""
    found: list[Hearer] = []
    folder = config.listening_folder
    if folder is not None and find_spec("faster_whisper") is not None:
        # By convention: "tiny.en" and its like know one language.
        languages = ("en",) if folder.name.endswith(".en") else (ANY_LANGUAGE,)
        found.append(Hearer("whisper", languages, is_rough=False))
    if find_spec("pocketsphinx") is not None and find_spec("numpy") is not None:
        found.append(Hearer("pocketsphinx", ("en",), is_rough=True))
    return found
