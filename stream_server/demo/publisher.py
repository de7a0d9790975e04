"""The demo host's camera: publishes a file in a loop by WHIP, through the same door as any host.

FFmpeg's WHIP muxer does the talking, so this is a client that is not ours. It must be a process of its own: the muxer
keeps Python's interpreter lock while it waits for the answer to its POST.

    VITRINE_DEMO_TOKEN=… python -m stream_server.demo.publisher --url http://127.0.0.1:8080/whip/SHOW
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import tempfile
import threading
from fractions import Fraction
from pathlib import Path
from types import FrameType

import av
import av.error

from stream_server.clock import Clock, SystemClock
from stream_server.demo.certificate import CertificateFiles, write_certificate
from stream_server.demo.loop import AUDIO_CLOCK, VIDEO_CLOCK, Loop, read_loop
from stream_server.demo.shop import packaged
from stream_server.lifeline import die_with_parent

logger = logging.getLogger(__name__)

TOKEN_ENV = "VITRINE_DEMO_TOKEN"
HANDSHAKE_TIMEOUT_MS = 5000
FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 5.0
STEADY_AFTER_S = 10.0
"""A connection that lasted this long was a good one: the next retry is quick again."""
LATE_S = 0.5
"""Behind by more (the machine slept), packets are left out instead of being sent in a burst."""


def publish_forever(url: str, token: str, file: Path, stop: threading.Event, clock: Clock | None = None) -> None:
    """Publish ``file`` to the WHIP endpoint ``url`` until ``stop`` is set, reconnecting whenever it ends.

    Raises: what `read_loop` raises. A server that is away, refuses or drops us is retried with growing pauses.
    """
    clock = clock or SystemClock()
    loop = read_loop(file)
    pause_s = FIRST_RETRY_S
    with tempfile.TemporaryDirectory(prefix="vitrine-demo-") as folder:
        certificate = write_certificate(Path(folder), clock)
        while not stop.is_set():
            began_s = clock.monotonic_s()
            try:
                _publish(url, token, file, loop, certificate, stop, clock)
            except (av.error.FFmpegError, OSError) as error:
                if clock.monotonic_s() - began_s > STEADY_AFTER_S:
                    pause_s = FIRST_RETRY_S
                logger.warning("publishing ended (%s); again in %.1f s", error, pause_s)
                stop.wait(pause_s)
                pause_s = min(pause_s * 2, LONGEST_RETRY_S)


def _publish(
    url: str,
    token: str,
    file: Path,
    loop: Loop,
    certificate: CertificateFiles,
    stop: threading.Event,
    clock: Clock,
) -> None:
    """One WHIP session: from the POST to the DELETE that closing sends."""
    options = {
        "authorization": token,
        "cert_file": str(certificate.certificate),
        "key_file": str(certificate.key),
        "handshake_timeout": str(HANDSHAKE_TIMEOUT_MS),
    }
    with av.open(str(file)) as source, av.open(url, "w", format="whip", options=options) as session:
        streams = {
            "video": session.add_stream_from_template(source.streams.video[0]),
            "audio": session.add_stream_from_template(source.streams.audio[0]),
        }
        time_bases = {"video": Fraction(1, VIDEO_CLOCK), "audio": Fraction(1, AUDIO_CLOCK)}
        session.start_encoding()
        logger.info("publishing to %s", url)
        start_s = clock.monotonic_s()
        wait_for_keyframe = False
        for sample, at in loop.rounds():
            due_s = start_s + at / sample.clock
            ahead_s = due_s - clock.monotonic_s()
            if ahead_s > 0 and stop.wait(ahead_s):
                return
            if ahead_s < -LATE_S:
                wait_for_keyframe = True
            if sample.kind == "video" and wait_for_keyframe:
                if not sample.is_keyframe or ahead_s < -LATE_S:
                    continue
                wait_for_keyframe = False
            elif ahead_s < -LATE_S:
                continue
            packet = av.Packet(sample.data)
            packet.stream = streams[sample.kind]
            packet.time_base = time_bases[sample.kind]
            packet.pts = packet.dts = at
            packet.is_keyframe = sample.is_keyframe
            session.mux(packet)


def main(arguments: list[str] | None = None) -> int:
    """Run as a process; ends on SIGTERM or SIGINT, or with its parent."""
    parser = argparse.ArgumentParser(prog="python -m stream_server.demo.publisher", description=__doc__)
    parser.add_argument("--url", required=True, help="WHIP endpoint of the show")
    parser.add_argument("--file", type=Path, help="H.264 and Opus in MP4; default: the demo host")
    parser.add_argument("--token-env", default=TOKEN_ENV, help="environment variable that holds the host's token")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    # The token is handed over by the environment because a command line can be read by everyone on the machine.
    token = os.environ.pop(options.token_env, "")  # noqa: TID251
    if not token:
        parser.error(f"{options.token_env} is empty")
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    parent = os.getppid()
    die_with_parent()
    if os.getppid() != parent:
        return 0
    file = options.file or Path(str(packaged("host.mp4")))
    publish_forever(options.url, token, file, stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
