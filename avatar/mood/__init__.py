"""How the viewers feel, from what they write."""

from avatar.mood.message import Classifier, Sounds, heard, sounds
from avatar.mood.room import MinuteMood, Room

__all__ = ["Classifier", "MinuteMood", "Room", "Sounds", "heard", "sounds"]
