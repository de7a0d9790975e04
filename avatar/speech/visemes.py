"""From phonemes to mouth shapes: IPA as espeak-ng writes it (also its own signs for Mandarin), and ARPAbet.

The mapping is ours; what shares a shape follows the phonetics (place of articulation, lip rounding), after the
fifteen shapes of Oculus' lip sync reference.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from avatar.speech.ports import Mouth, Viseme

_V = Viseme
_CONSONANTS: dict[str, Viseme] = (
    dict.fromkeys("pbmɓ", _V.PP)
    | dict.fromkeys("fvɸβʋɱ", _V.FF)
    | dict.fromkeys("θð", _V.TH)
    | dict.fromkeys("tdɖʈɗ", _V.DD)
    | dict.fromkeys("kɡgqxɣχħhɢʔʕɦɰ", _V.KK)
    | dict.fromkeys("ʃʒɕʑʂʐ", _V.CH)
    | dict.fromkeys("szç", _V.SS)
    | dict.fromkeys("nlɲŋɴɭʎɫɬɳʟ", _V.NN)
    | dict.fromkeys("rɹɾʁʀɽɻ", _V.RR)
    | dict.fromkeys("wɥ", _V.U)
    | dict.fromkeys("jʝ", _V.I)
)
_VOWELS: dict[str, Viseme] = (
    dict.fromkeys("aäɑæɐʌ", _V.AA)
    | dict.fromkeys("eɛəɜɘɚɝœøɞ", _V.E)
    | dict.fromkeys("iɪɨyʏᵻ", _V.I)
    | dict.fromkeys("oɔɒɤ", _V.O)
    | dict.fromkeys("uʊɯʉ", _V.U)
)
_SHAPES = _CONSONANTS | _VOWELS
_ROUNDED = frozenset("yʏøœ")
"""Front vowels with pursed lips look like U, not like I or E."""

_STRESSED, _LIGHT, _CONSONANT = 1.0, 0.72, 0.85


def of_ipa(phoneme: str, at_s: float, end_s: float) -> list[Mouth]:
    """Mouth shapes of one phoneme that sounds from ``at_s`` to ``end_s``; a diphthong moves, a pause closes."""
    signs = [sign for sign in unicodedata.normalize("NFD", phoneme) if sign in _SHAPES]
    if not signs:
        return [Mouth(at_s, _V.SIL, 1.0)] if not phoneme.strip("ˈˌː") else []
    if "." in phoneme and signs == ["i"]:
        # The buzzing "i" after zh, ch, sh, r, z, c, s: teeth together, not a smile.
        return [Mouth(at_s, _V.SS, 0.8)]
    if "." in phoneme and signs[0] in "ts":
        return [Mouth(at_s, _V.CH, _CONSONANT)]
    if len(signs) > 1 and signs[0] in "td" and signs[1] in "szʃʒɕʑ":
        signs = signs[1:]
    vowels = sum(sign in _VOWELS for sign in signs)
    weight = _STRESSED if "ˈ" in phoneme or "ː" in phoneme or vowels > 1 else _LIGHT
    step_s = (end_s - at_s) / len(signs)
    mouths: list[Mouth] = []
    for n, sign in enumerate(signs):
        shape = _V.U if sign in _ROUNDED else _SHAPES[sign]
        mouths.append(Mouth(at_s + n * step_s, shape, weight if sign in _VOWELS else _CONSONANT))
    return mouths


_ARPABET: dict[str, tuple[Viseme, ...]] = {
    "aa": (_V.AA,),
    "ae": (_V.AA,),
    "ah": (_V.AA,),
    "ao": (_V.O,),
    "aw": (_V.AA, _V.U),
    "ax": (_V.E,),
    "ay": (_V.AA, _V.I),
    "b": (_V.PP,),
    "ch": (_V.CH,),
    "d": (_V.DD,),
    "dh": (_V.TH,),
    "eh": (_V.E,),
    "er": (_V.RR,),
    "ey": (_V.E, _V.I),
    "f": (_V.FF,),
    "g": (_V.KK,),
    "hh": (_V.KK,),
    "ih": (_V.I,),
    "iy": (_V.I,),
    "jh": (_V.CH,),
    "k": (_V.KK,),
    "l": (_V.NN,),
    "m": (_V.PP,),
    "n": (_V.NN,),
    "ng": (_V.NN,),
    "ow": (_V.O, _V.U),
    "oy": (_V.O, _V.I),
    "p": (_V.PP,),
    "pau": (_V.SIL,),
    "r": (_V.RR,),
    "s": (_V.SS,),
    "sh": (_V.CH,),
    "t": (_V.DD,),
    "th": (_V.TH,),
    "uh": (_V.U,),
    "uw": (_V.U,),
    "v": (_V.FF,),
    "w": (_V.U,),
    "y": (_V.I,),
    "z": (_V.SS,),
    "zh": (_V.CH,),
}
_REDUCED = frozenset(("ax", "ih", "uh", "er"))


def of_arpabet(phone: str, at_s: float, end_s: float) -> list[Mouth]:
    """Mouth shapes of one ARPAbet phone as flite names it."""
    shapes = _ARPABET.get(phone.lower().rstrip("012"), (_V.SIL,))
    step_s = (end_s - at_s) / len(shapes)
    is_vowel = phone[0].lower() in "aeiou"
    weight = _CONSONANT if not is_vowel else _LIGHT if phone.lower() in _REDUCED else _STRESSED
    return [Mouth(at_s + n * step_s, shape, weight) for n, shape in enumerate(shapes)]


def tidy(mouths: Iterable[Mouth], seconds: float) -> tuple[Mouth, ...]:
    """In order, within the sound, without repetitions, closed at the end."""
    kept: list[Mouth] = []
    for mouth in sorted(mouths, key=lambda mouth: mouth.at_s):
        mouth = Mouth(min(max(mouth.at_s, 0.0), seconds), mouth.viseme, min(max(mouth.weight, 0.0), 1.0))
        if kept and kept[-1].at_s == mouth.at_s:
            kept.pop()
        if not kept or kept[-1][1:] != mouth[1:]:
            kept.append(mouth)
    if not kept or kept[-1].viseme is not _V.SIL:
        kept.append(Mouth(seconds, _V.SIL, 1.0))
    return tuple(kept)
