"""The image, the composition and the description for catalogues are what they should be."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

ROOT = Path(__file__).resolve().parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
OURS = {"web", "worker", "assessor", "deliver", "sweep", "migrate"}
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def compose(environment: dict[str, str]) -> dict[str, Any]:
    """Return the composition with its variables filled in, as Compose does."""

    def value(match: re.Match[str]) -> str:
        name, kind, text = match.groups()
        if environment.get(name):
            return environment[name]
        if kind == "-":
            return text
        raise KeyError(name)

    return yaml.safe_load(VARIABLE.sub(value, (ROOT / "compose.yaml").read_text(encoding="utf-8")))


def filled_in() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return {line.partition("=")[0]: "filled-in" for line in lines if "=" in line and line[0] != "#"}


COMPOSE = compose(filled_in())


def test_the_dockerfile_lints_clean():
    hadolint = Path(sys.executable).parent / "hadolint"
    linted = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True)
    assert (linted.returncode, linted.stdout) == (0, "")


def test_the_image_names_its_base_and_runs_as_nobody():
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.MULTILINE)
    assert len(bases) == 2
    assert all(re.fullmatch(r"python:3\.1\d-slim-\w+", base) for base in bases)
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 65534:65534$", last_stage, flags=re.MULTILINE)
    assert "HEALTHCHECK" in last_stage


def test_the_image_gets_its_packages_from_the_lock_only():
    assert "./run install" in DOCKERFILE
    assert "pip install" not in DOCKERFILE


def test_the_composition_is_a_valid_one():
    assert set(PyCompose.from_json(json.dumps(COMPOSE)).service_names()) == {*OURS, "postgres", "redis"}


@pytest.mark.parametrize("mistake", [{"read_onyl": True}, {"healthcheck": {"interval": "soon"}}, {"user": []}])
def test_a_mistake_in_the_composition_would_be_noticed(mistake: dict[str, Any]):
    services = COMPOSE["services"]
    wrong = {**COMPOSE, "services": {**services, "web": {**services["web"], **mistake}}}
    with pytest.raises(ValueError, match=r"line \d+ column \d+"):
        PyCompose.from_json(json.dumps(wrong))


@pytest.mark.parametrize("missing", sorted(filled_in()))
def test_no_secret_has_a_default(missing: str):
    with pytest.raises(KeyError, match=missing):
        compose({name: value for name, value in filled_in().items() if name != missing})


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_every_container_can_do_and_write_as_little_as_possible(name: str):
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service.get("user", "65534") not in ("root", "0")
    assert "privileged" not in service
    if "image" in service:
        assert re.search(r":[\w.-]*\d", service["image"]), "an image is named with its version"


def test_only_the_web_is_published_and_only_on_this_machine():
    ports = {name: service.get("ports", []) for name, service in COMPOSE["services"].items()}
    assert ports.pop("web") == ["127.0.0.1:8000:8000"]
    assert not any(ports.values())


def test_everything_waits_for_what_it_needs():
    for name in OURS - {"migrate"}:
        needs = COMPOSE["services"][name]["depends_on"]
        assert needs["migrate"]["condition"] == "service_completed_successfully"
        assert needs["redis"]["condition"] == "service_healthy"
    assert COMPOSE["services"]["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_every_command_in_the_composition_exists():
    for name in sorted(OURS):
        (word,) = COMPOSE["services"][name]["command"]
        helped = subprocess.run(
            [sys.executable, "-c", "from service.cli import main; main()", word, "--help"],
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert helped.returncode == 0, helped.stderr


def test_catalogues_of_public_code_find_what_the_standard_asks():
    described = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert described["publiccodeYmlVersion"] == "0.4"
    assert described["legal"]["license"] == project["license"]
    assert described["softwareVersion"] == project["version"]
    assert described["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert described["softwareType"] == "standalone/web"
    assert described["maintenance"]["contacts"][0]["name"]
    assert described["localisation"]["availableLanguages"]
    for text in described["description"].values():
        assert len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert text["features"]
        assert all((ROOT / picture).is_file() for picture in text.get("screenshots", []))
