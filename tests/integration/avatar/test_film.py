from pathlib import Path

import av
import pytest

from avatar.cli import main
from avatar.inspection import inspect
from avatar.speech.espeak import EspeakEngine

pytest.importorskip("skia")
pytestmark = pytest.mark.skipif(not EspeakEngine.is_present(), reason="needs the extra avatar")


@pytest.mark.timeout(120)
def test_a_line_becomes_a_film_whose_mouth_follows_the_voice(tmp_path: Path) -> None:
    film, captions = tmp_path / "out.mp4", tmp_path / "out.vtt"
    text = "¡Bienvenidos! Hoy la taza cuesta 19,99 €."
    assert main(["say", text, "--lang", "es", "-o", str(film), "--captions", str(captions)]) == 0
    with av.open(str(film)) as container:
        assert {stream.type for stream in container.streams} == {"video", "audio"}
    found = inspect(film)
    assert found.clipped == 0
    assert found.lufs == pytest.approx(-16.5, abs=1.2)
    assert found.open_in_silence == 0.0
    # loud frames hold consonants too (b, p, m close the lips); espeak's samples differ a little: 0.70 to 0.75
    assert found.open_in_speech > 0.6
    assert all(length < 0.45 for _, length in found.gaps)
    assert "19,99" in captions.read_text()


def test_an_unreadable_rundown_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "r.json").write_text("{")
    assert main(["rehearse", str(tmp_path / "r.json"), "-o", str(tmp_path / "x.mp4")]) == 1
    assert "rundown" in capsys.readouterr().err
