"""What the host says next: a rundown gone through for days, questions and events in between, an operator above it."""

from avatar.direction.director import Director
from avatar.direction.options import DirectorOptions, Preview
from avatar.direction.ports import HostClock, MemorySpeechLog, Said, SpeechLog

__all__ = ["Director", "DirectorOptions", "HostClock", "MemorySpeechLog", "Preview", "Said", "SpeechLog"]
