"""What runs the desk on a server says what the program understands, and gives it no rights."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings

ROOT = Path(__file__).parent.parent
UNIT = ROOT / "deploy" / "mizban.service"
OFFICE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SCALE: dict[str, Any] = yaml.safe_load((ROOT / "compose.scale.yaml").read_text("utf-8"))
SERVICES = [
    pytest.param(board, name, id=f"{board['name']}: {name}")
    for board in (OFFICE, SCALE)
    for name in board["services"]
]
KNOWN = {f"MIZBAN_{name}".upper() for name in Settings.model_fields}


@pytest.mark.parametrize(("board", "name"), SERVICES)
def test_a_service_has_no_right_that_it_can_do_without(board: dict[str, Any], name: str) -> None:
    service = board["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])
    assert not service.keys() & {"privileged", "network_mode", "pid", "ipc", "devices"}
    assert name == "proxy" or not service["user"].startswith("0")


@pytest.mark.parametrize(("board", "name"), SERVICES)
def test_a_service_has_limits_an_end_and_somebody_who_looks_after_it(
    board: dict[str, Any], name: str
) -> None:
    service = board["services"][name]
    assert service["pids_limit"] <= 256
    assert re.fullmatch(r"[0-9]+[mg]", service["mem_limit"])
    assert service["cpus"] > 0
    assert service["healthcheck"]["test"][0] == "CMD", "no shell stands between"
    assert int(service["stop_grace_period"].removesuffix("s")) >= 10
    assert service["restart"] in {"on-failure", "unless-stopped"}
    assert service["logging"]["options"]["max-size"]


@pytest.mark.parametrize(("board", "name"), SERVICES)
def test_a_service_names_settings_secrets_volumes_and_others_that_there_are(
    board: dict[str, Any], name: str
) -> None:
    service = board["services"][name]
    settings = {key for key in service["environment"] if key.startswith("MIZBAN_")}
    assert settings <= KNOWN
    given = {str(service["environment"][key]) for key in settings if key.endswith("_FILE")}
    secrets = {f"/run/secrets/{one}" for one in service.get("secrets", [])}
    if settings:
        assert given == secrets, "each secret is read from its file, and none is given in vain"
    assert set(service.get("secrets", [])) <= board["secrets"].keys()
    volumes = {one.partition(":")[0] for one in service["volumes"]}
    assert {one for one in volumes if one.isalpha()} <= board["volumes"].keys()
    assert set(service.get("depends_on", [])) <= board["services"].keys()
    assert set(service.get("networks", [])) <= board.get("networks", {}).keys()


@pytest.mark.parametrize("board", [OFFICE, SCALE])
def test_nothing_secret_stands_in_a_file_that_is_shared(board: dict[str, Any]) -> None:
    for secret in board["secrets"].values():
        assert secret["file"].startswith("./secrets/")
    for service in board["services"].values():
        values = " ".join(map(str, service["environment"].values()))
        assert not re.search(r"://[^\s/]*:[^\s/]*@|[0-9]{6,}:\S{30}", values)
    ignored = (ROOT / ".gitignore").read_text("utf-8").split()
    assert "secrets/" in ignored
    assert (ROOT / ".dockerignore").read_text("utf-8").startswith("**\n")


def test_only_the_proxy_has_an_open_port() -> None:
    open_ones = [
        (board["name"], name)
        for board in (OFFICE, SCALE)
        for name, service in board["services"].items()
        if "ports" in service or "expose" in service
    ]
    assert open_ones == [("mizban-scale", "proxy")]
    assert SCALE["networks"]["inner"]["internal"] is True
    assert SCALE["services"]["postgres"]["networks"] == ["inner"]


def test_what_can_be_written_outlives_the_container_or_is_in_memory() -> None:
    for board in (OFFICE, SCALE):
        for name, service in board["services"].items():
            if name not in {"postgres", "proxy"}:
                assert "/tmp" in service["tmpfs"]  # noqa: S108 - in the container
                assert any(one.endswith(":/data") for one in service["volumes"])


def test_the_proxy_leads_to_every_replica_where_it_listens() -> None:
    replicas = [name for name in SCALE["services"] if name.startswith("replica-")]
    assert len(replicas) == 3
    port = Settings.model_fields["webhook_port"].default
    caddyfile = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
    line = next(line for line in caddyfile.splitlines() if "reverse_proxy" in line)
    assert re.findall(r"\S+:[0-9]+", line) == [f"{name}:{port}" for name in replicas]
    for name in replicas:
        settings = SCALE["services"][name]["environment"]
        assert "MIZBAN_WEBHOOK_PORT" not in settings
        path = settings["MIZBAN_WEBHOOK_URL"].rpartition("}")[2]
        assert f"path {path}/*" in caddyfile
        assert settings == SCALE["services"][replicas[0]]["environment"]


def unit() -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # as systemd reads names
    parser.read(UNIT, encoding="utf-8")
    return parser["Service"]


def test_the_unit_starts_what_there_is_and_may_write_what_its_settings_name() -> None:
    text = UNIT.read_text("utf-8")
    commands = re.findall(r"^Exec\w+=.*python -m bot (.*)$", text, re.MULTILINE)
    assert commands
    for command in commands:
        asked = [sys.executable, "-m", "bot", *command.split(), "--help"]
        subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, timeout=60)
    lines = (ROOT / "deploy" / "mizban.env").read_text("utf-8")
    settings = dict(re.findall(r"^(?:# )?(MIZBAN_\w+)=(.*)$", lines, re.MULTILINE))
    assert settings
    assert settings.keys() <= KNOWN
    service = unit()
    assert settings["MIZBAN_KEYRING_FILE"].startswith(f"/var/lib/{service['StateDirectory']}/")
    assert f"////var/lib/{service['StateDirectory']}/" in settings["MIZBAN_DATABASE_URL"]
    assert settings["MIZBAN_CACHE_DIR"] == f"/var/cache/{service['CacheDirectory']}"
    assert f"#ReadWritePaths={settings['MIZBAN_BACKUP_DIR']}" in text


def test_the_unit_takes_every_right_away() -> None:
    service = unit()
    assert service["User"] == "mizban"
    assert service["CapabilityBoundingSet"] == ""
    assert service["ProtectSystem"] == "strict"
    assert service["RestartPreventExitStatus"] == "2"
    assert int(service["TimeoutStopSec"]) >= 10
    for name in (
        *("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "RestrictNamespaces"),
        *("MemoryDenyWriteExecute", "LockPersonality", "ProtectKernelModules", "PrivateUsers"),
    ):
        assert service[name] == "true", name


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    here = tmp_path / "mizban.service"
    text = UNIT.read_text("utf-8").replace("/srv/mizban/.venv/bin/python", sys.executable)
    here.write_text(text.replace("/srv/mizban", str(ROOT)), "utf-8")
    asked = ["systemd-analyze", "verify", "--man=no", str(here)]
    said = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=60)
    assert (said.returncode, said.stderr) == (0, "")
