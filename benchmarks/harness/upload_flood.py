"""Clients that harm a server by uploading: many at once, very slowly, or files that burst when they are unpacked.

A process of its own, so that a viewer who counts pictures beside it is not held up by it. Told on standard input what
to do (JSON: url, tokens, kind, clients, seconds), and tells on standard output what came of it (JSON, one line).
"""

from __future__ import annotations

import http.client
import io
import json
import sys
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_MODEL = Path(__file__).parents[2] / "stream_server/demo/models/SunglassesKhronos.glb"
_TIMEOUT_S = 30.0
_REFUSED_PAUSE_S = 0.1
_DRIP_BYTES = 64
_BOMB_BYTES = 200 * 2**20
_PADDED_BYTES = 6 * 2**20


@dataclass
class Tally:
    """What the clients did, together."""

    counts: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what: str, number: int = 1) -> None:
        """Count something."""
        with self.lock:
            self.counts[what] += number


@dataclass(frozen=True)
class Client:
    """One uploader with a connection of its own, until ``ends_s`` (`time.monotonic`)."""

    host: str
    token: str
    ends_s: float
    tally: Tally

    def announce(self, name: str, size: int) -> str | None:
        """Where the bytes go, or None when refused."""
        found = self.call("POST", "/api/uploads", {"name": name, "size_bytes": size})
        return None if found is None else str(found["location"])

    def start_job(self, location: str) -> None:
        """Have a model made of it; where the line is full the upload makes room for the next."""
        upload_id = urlsplit(location).path.rsplit("/", 1)[1]
        if self.call("POST", "/api/model-jobs", {"upload_id": upload_id, "category": "glasses"}) is not None:
            self.tally.add("jobs")
        else:
            self.forget(location)

    def forget(self, location: str) -> None:
        """Throw an unfinished upload away, so that the next one has its place."""
        self.call("DELETE", "/api/uploads/" + urlsplit(location).path.rsplit("/", 1)[1], {})

    def call(self, method: str, path: str, body: dict[str, Any]) -> Any:
        """JSON of a REST call, None when refused."""
        connection = http.client.HTTPConnection(self.host, timeout=_TIMEOUT_S)
        try:
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
            connection.request(method, path, json.dumps(body), headers)
            reply = connection.getresponse()
            text = reply.read()
            self.tally.add(f"status {reply.status}")
            if reply.status < 300:
                return json.loads(text) if text else {}
            time.sleep(_REFUSED_PAUSE_S)
            return None
        finally:
            connection.close()

    def send(self, location: str, data: bytes, pause_s: float = 0.0) -> bool:
        """One PATCH with all of it; drop by drop with a pause. Whether all was taken."""
        connection = http.client.HTTPConnection(self.host, timeout=_TIMEOUT_S)
        try:
            connection.putrequest("PATCH", urlsplit(location).path)
            for name, value in (
                ("Authorization", f"Bearer {self.token}"),
                ("Tus-Resumable", "1.0.0"),
                ("Upload-Offset", "0"),
                ("Content-Type", "application/offset+octet-stream"),
                ("Content-Length", str(len(data))),
            ):
                connection.putheader(name, value)
            connection.endheaders()
            step = _DRIP_BYTES if pause_s else len(data)
            for start in range(0, len(data), step):
                if time.monotonic() > self.ends_s:
                    return False
                connection.send(data[start : start + step])
                self.tally.add("bytes", min(step, len(data) - start))
                if pause_s:
                    time.sleep(pause_s)
            reply = connection.getresponse()
            reply.read()
            self.tally.add(f"status {reply.status}")
            return reply.status == 204
        finally:
            connection.close()


def flood(client: Client, number: int) -> None:
    """A model of some megabytes, told apart from all others by its last bytes, and a job for it."""
    data = padded(_MODEL.read_bytes(), f"{number} {time.monotonic_ns()}")
    location = client.announce(f"flood-{number}.glb", len(data))
    if location is not None:
        client.send(location, data)
        client.start_job(location)


def slow(client: Client, number: int) -> None:
    """A file drop by drop."""
    data = padded(_MODEL.read_bytes(), f"slow {number} {time.monotonic_ns()}")
    location = client.announce(f"slow-{number}.glb", len(data))
    if location is not None and not client.send(location, data, pause_s=0.5):
        client.forget(location)


def bomb(client: Client, number: int) -> None:
    """A small zip that unpacks to 200 MB."""
    data = bursting()
    location = client.announce(f"bomb-{number}.zip", len(data))
    if location is not None:
        client.send(location, data)
        client.start_job(location)


@cache
def bursting() -> bytes:
    """A zip of 200 MB of nothing, in 200 kB."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("model.gltf", "w") as file,
    ):
        for _ in range(_BOMB_BYTES // 2**20):
            file.write(bytes(2**20))
    return packed.getvalue()


def padded(glb: bytes, mark: str) -> bytes:
    """A GLB grown to some megabytes by a chunk that readers skip, so that every upload is a file of its own."""
    extra = mark.encode().ljust((_PADDED_BYTES - len(glb)) // 4 * 4, b"\0")
    whole = len(glb) + 8 + len(extra)
    header = glb[:8] + whole.to_bytes(4, "little") + glb[12:]
    return header + len(extra).to_bytes(4, "little") + b"PADD" + extra


KINDS: dict[str, Callable[[Client, int], None]] = {"flood": flood, "slow": slow, "bomb": bomb}


def main() -> None:
    """Do what standard input says."""
    bursting()  # before the clock runs
    told = json.loads(sys.stdin.readline())
    tally, ends_s = Tally(), time.monotonic() + float(told["seconds"])
    host = urlsplit(told["url"]).netloc
    act = KINDS[told["kind"]]

    def again_and_again(number: int) -> None:
        token = told["tokens"][number % len(told["tokens"])]
        while time.monotonic() < ends_s:
            try:
                act(Client(host, token, ends_s, tally), number)
            except OSError:  # the server may hang up on those who do harm
                tally.add("connections lost")
                time.sleep(_REFUSED_PAUSE_S)

    threads = [threading.Thread(target=again_and_again, args=(number,)) for number in range(int(told["clients"]))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(tally.counts), flush=True)


if __name__ == "__main__":
    main()
