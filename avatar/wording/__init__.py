"""What the host says in each language: texts as data, amounts and dates by CLDR."""

from avatar.wording.measures import Measures
from avatar.wording.phrasebook import Phrasebook, load_phrasebook

__all__ = ["Measures", "Phrasebook", "load_phrasebook"]
