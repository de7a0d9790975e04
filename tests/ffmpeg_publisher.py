"""Publishes a test picture and a tone with FFmpeg's own WHIP muxer: ``python -m tests.ffmpeg_publisher URL``.

It runs as a process of its own because the muxer holds Python's global lock while it waits for the server. The
token comes on standard input. It prints ``publishing`` once the first packets are out, and stops on SIGTERM.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from types import FrameType

import av
import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

WIDTH, HEIGHT, FPS, SAMPLE_RATE = 640, 360, 30, 48_000


class Stopped(Exception):
    """Told to stop."""


def certificate(folder: Path) -> tuple[Path, Path]:
    """A P-256 certificate and key for DTLS: the muxer's own default is secp224r1, which OpenSSL refuses."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "publisher")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    cert_path, key_path = folder / "cert.pem", folder / "key.pem"
    cert_path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    return cert_path, key_path


def pictures() -> Iterator[av.VideoFrame]:
    """A moving gradient, without an end."""
    columns = np.arange(WIDTH, dtype=np.uint16)[None, :, None]
    rows = np.arange(HEIGHT, dtype=np.uint16)[:, None, None]
    tints = np.array([0, 80, 160], dtype=np.uint16)[None, None, :]
    number = 0
    while True:
        picture = ((columns + rows // 2 + tints + number * 4) % 256).astype(np.uint8)
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = number, Fraction(1, FPS)
        yield frame
        number += 1


def tone(start: int, samples: int) -> av.AudioFrame:
    """A piece of a 440 Hz tone from sample ``start``."""
    at = (np.arange(start, start + samples) * (2 * np.pi * 440 / SAMPLE_RATE)).astype(np.float64)
    wave = (np.sin(at) * 8000).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(np.repeat(wave, 2)[None, :], format="s16", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, start, Fraction(1, SAMPLE_RATE)
    return frame


def publish(url: str, token: str, seconds: float) -> None:
    """Publish in real time for ``seconds``; a clean end sends DELETE."""
    with tempfile.TemporaryDirectory() as folder:
        cert, key = certificate(Path(folder))
        options = {"authorization": token, "cert_file": str(cert), "key_file": str(key)}
        with av.open(url, "w", format="whip", options=options) as output:
            video = output.add_stream("libx264", rate=FPS)
            video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
            video.bit_rate = 800_000
            # The muxer ignores keyframe requests, so they come by themselves, once a second.
            video.options = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "g": str(FPS)}
            audio = output.add_stream("libopus", rate=SAMPLE_RATE, layout="stereo")
            started = time.monotonic()
            sounded = 0
            for number, frame in enumerate(pictures()):
                if number >= seconds * FPS:
                    break
                output.mux(video.encode(frame))
                while sounded < (number + 1) * SAMPLE_RATE // FPS:
                    output.mux(audio.encode(tone(sounded, 960)))
                    sounded += 960
                if number == 0:
                    sys.stdout.write("publishing\n")
                    sys.stdout.flush()
                time.sleep(max(0.0, started + (number + 1) / FPS - time.monotonic()))


def _stop(signum: int, frame: FrameType | None) -> None:
    raise Stopped


def main() -> int:
    """Read the arguments and publish."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    token = sys.stdin.readline().strip()
    signal.signal(signal.SIGTERM, _stop)
    try:
        publish(arguments.url, token, arguments.seconds)
    except Stopped:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
