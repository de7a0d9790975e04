"""What the house promises about itself: settings documented, compose sound, nothing private in the tree."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from stream_server.config import Config, MissingSecret, signing_secret

ROOT = Path(__file__).parents[3]


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def test_env_example_lists_every_setting_and_no_other() -> None:
    text = (ROOT / ".env.example").read_text()
    listed = set(re.findall(r"^(VITRINE_[A-Z_0-9]+)=", text, re.M))
    assert listed == {f"VITRINE_{name.upper()}" for name in Config.model_fields}


def test_every_setting_is_documented() -> None:
    assert [name for name, field in Config.model_fields.items() if not field.description] == []


def test_compose_follows_the_schema() -> None:
    checked = subprocess.run(
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(ROOT / "docker-compose.yml")],
        capture_output=True,
        text=True,
        env={"PATH": str(ROOT / ".venv/bin")},
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_compose_names_only_services_and_volumes_that_exist() -> None:
    file = compose()
    services = file["services"]
    assert {"server", "valkey", "postgres", "coturn"} <= set(services)
    for name, service in services.items():
        for needed, condition in service.get("depends_on", {}).items():
            assert needed in services, f"{name} depends on {needed}"
            if condition["condition"] == "service_healthy":
                assert "healthcheck" in services[needed], f"{needed} has no health check"
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source.startswith((".", "/")) or source in file["volumes"], f"{name} mounts {source}"


def test_compose_sets_only_settings_that_exist() -> None:
    set_here = {key for key in compose()["services"]["server"]["environment"] if key.startswith("VITRINE_")}
    assert set_here <= {f"VITRINE_{name.upper()}" for name in Config.model_fields}


def test_compose_holds_no_secret() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for line in text.splitlines():
        if re.search(r"(SECRET|PASSWORD|static-auth-secret)[=:]\s*\S", line):
            assert ":?" in line, f"a default secret in: {line.strip()}"


def test_compose_publishes_the_ports_the_server_listens_on() -> None:
    published = compose()["services"]["server"]["ports"]
    assert f"{Config.model_fields['http_port'].default}:{Config.model_fields['http_port'].default}/tcp" in published
    media_port = Config.model_fields["media_port"].default
    last = media_port + 7
    assert f"{media_port}-{last}:{media_port}-{last}/udp" in published
    assert f"{media_port}-{last}:{media_port}-{last}/tcp" in published


def test_development_secret_is_made_once_and_private(tmp_path: Path) -> None:
    config = Config(data_dir=tmp_path)
    secret = signing_secret(config)
    assert len(secret) >= 32
    assert signing_secret(config) == secret
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_production_does_not_start_without_a_secret(tmp_path: Path) -> None:
    with pytest.raises(MissingSecret):
        signing_secret(Config(mode="production", data_dir=tmp_path))


def test_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 32"):
        Config(secret="short")


@pytest.mark.parametrize("lock", ["requirements-serve.lock", "requirements-dev.lock"])
def test_lock_file_pins_every_direct_dependency_with_hashes(lock: str) -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    text = (ROOT / lock).read_text().lower()
    for requirement in project["dependencies"]:
        name = re.split(r"[\[=<>~; ]", requirement)[0].lower()
        assert re.search(rf"^{re.escape(name)}(\[.*\])?==.*\\\n\s+--hash=sha256:", text, re.M), name
