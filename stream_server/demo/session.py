"""One WHIP session of the demo host, from the POST to the DELETE; runs as a process of its own.

FFmpeg's WHIP muxer does the talking, so this is a client that is not ours. It keeps Python's interpreter lock while it
waits for the answer to its POST, and never returns once the server has sent a DTLS close_notify (FFmpeg 8.1): so this
process tells its parent that it is alive by a dot a second, and is killed when the dots stop.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import FrameType

import av
import av.error

from stream_server.clock import Clock, SystemClock
from stream_server.demo.certificate import write_certificate
from stream_server.demo.loop import AUDIO_CLOCK, VIDEO_CLOCK, read_loop

logger = logging.getLogger(__name__)

TOKEN_ENV = "VITRINE_DEMO_TOKEN"
HANDSHAKE_TIMEOUT_MS = 5000
LATE_S = 0.5
"""Behind by more (the machine slept), packets are left out instead of being sent in a burst."""
ALIVE_EVERY_S = 1.0


def publish_once(
    url: str, token: str, file: Path, stop: threading.Event, clock: Clock, alive: Callable[[], None]
) -> None:
    """Publish ``file`` in a loop until ``stop`` is set; ``alive`` is called about once a second.

    Timestamps run on over the rounds, paced by the clock without drift.

    Raises: av.FFmpegError or OSError when the server refuses or drops us; what `read_loop` raises.
    """
    loop = read_loop(file)
    with tempfile.TemporaryDirectory(prefix="vitrine-demo-") as folder:
        certificate = write_certificate(Path(folder), clock)
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
            session.start_encoding()
            logger.info("publishing to %s", url)
            alive()
            start_s = clock.monotonic_s()
            told_s = 0.0
            wait_for_keyframe = False
            for sample, at in loop.rounds():
                at_s = at / sample.clock
                ahead_s = start_s + at_s - clock.monotonic_s()
                if (ahead_s > 0 and stop.wait(ahead_s)) or stop.is_set():
                    return
                if ahead_s < -LATE_S:
                    wait_for_keyframe = True
                    continue
                if sample.kind == "video" and wait_for_keyframe:
                    if not sample.is_keyframe:
                        continue
                    wait_for_keyframe = False
                packet = av.Packet(sample.data)
                packet.stream = streams[sample.kind]
                packet.time_base = Fraction(1, VIDEO_CLOCK if sample.kind == "video" else AUDIO_CLOCK)
                packet.pts = packet.dts = at
                packet.is_keyframe = sample.is_keyframe
                session.mux(packet)
                if at_s - told_s >= ALIVE_EVERY_S:
                    told_s = at_s
                    alive()


def main() -> int:
    """Run as a process: 0 when told to stop, 1 when the session broke (the reason is on standard error)."""
    parser = argparse.ArgumentParser(prog="python -m stream_server.demo.session", description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--file", type=Path, required=True)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    # By the environment, because a command line can be read by everyone on the machine.
    token = os.environ.pop(TOKEN_ENV, "")  # noqa: TID251
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business

    def tell_alive() -> None:
        os.write(sys.stdout.fileno(), b".")

    try:
        publish_once(options.url, token, options.file, stop, SystemClock(), tell_alive)
    except (av.error.FFmpegError, OSError) as error:
        logger.warning("session ended: %s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
