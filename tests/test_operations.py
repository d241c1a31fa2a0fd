"""What docs/ gives operators is true: every figure exists, every manifest is whole, every unit starts our verbs.

Tools of their own judge too, where they are installed: promtool (Debian's prometheus), systemd-analyze,
kubernetes-validate (PyPI) or kubeconform.
"""

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from monitor.alerting import Condition
from monitor.cli import VERBS, parser_of
from monitor.cli.shell import Shell
from monitor.config.document import read_file
from monitor.config.folder import failed_tests, load
from monitor.config.settings import read_settings
from monitor.daemon import GRACE
from monitor.metrics import Metrics
from monitor.model import RowState, Verdict
from monitor.postroom.desk import LINGER

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
ALERTS = DOCS / "prometheus-alerts.yaml"
DASHBOARD = json.loads((DOCS / "grafana-dashboard.json").read_text("utf-8"))
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
RULES = read_file(ALERTS).value["groups"][0]["rules"]
UNITS = sorted((DOCS / "systemd").glob("*.service"))
MANIFESTS = {path.stem: read_file(path).value for path in sorted((DOCS / "kubernetes").glob("*.yaml"))}
COMPOSE = read_file(DOCS / "compose.yaml").value

SERIES = {series: figure for figure in Metrics().figures() for series in figure.series}
FOREIGN = {"up", "process_resident_memory_bytes"}
LABELS = {label for figure in SERIES.values() for label in figure.labels} | {"instance", "job", "le"}
VALUES = {
    "condition": set(Condition),
    "state": set(RowState),
    "verdict": set(Verdict),
    "job": {"media-monitor"},
}


def asked(expression: str) -> Iterator[str]:
    """The series that an expression asks for."""
    words = re.sub(r"\{[^}]*\}|\"[^\"]*\"|\bby \([^)]*\)|\bon \([^)]*\)", "", expression)
    return (
        word
        for word in re.findall(r"[a-z_]+", words)
        if word.startswith(("monitor_", "process_")) or word == "up"
    )


def expressions() -> dict[str, str]:
    rules = {rule["alert"]: rule["expr"] for rule in RULES}
    panels = {
        f"{panel['title']} {target['refId']}": target["expr"]
        for panel in PANELS
        for target in panel["targets"]
    }
    return rules | panels


@pytest.mark.parametrize("name", expressions())
def test_an_expression_asks_only_for_what_there_is(name):
    expression = expressions()[name]
    series = set(asked(expression))
    assert series
    assert series <= SERIES.keys() | FOREIGN
    for labels in re.findall(r"\b(?:by|on) \(([^)]*)\)", expression):
        assert set(labels.replace(" ", "").split(",")) <= LABELS
    for label, values in re.findall(r'(\w+)(?:=~|!=|=)"([^"$]*)"', expression):
        assert label in LABELS
        assert set(values.split("|")) <= VALUES[label]


def test_every_metric_is_on_the_dashboard():
    shown = {series for panel in PANELS for target in panel["targets"] for series in asked(target["expr"])}
    figures = {SERIES[series].name for series in shown - FOREIGN}
    assert figures == {figure.name for figure in Metrics().figures()}


def test_panels_are_numbered_and_lie_side_by_side():
    numbers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(numbers) == len(set(numbers))
    for one, two in combinations((panel["gridPos"] for panel in DASHBOARD["panels"]), 2):
        assert (
            one["x"] + one["w"] <= two["x"]
            or two["x"] + two["w"] <= one["x"]
            or one["y"] + one["h"] <= two["y"]
            or two["y"] + two["h"] <= one["y"]
        )
    assert all(panel["datasource"]["uid"] == "${datasource}" for panel in PANELS)


def test_every_alert_says_how_urgent_and_what_it_is():
    names = [rule["alert"] for rule in RULES]
    assert len(names) == len(set(names))
    for rule in RULES:
        assert rule["labels"]["severity"] in {"info", "warning", "critical"}
        assert rule["annotations"]["summary"]


def test_what_alerts_tell_to_type_are_verbs_with_those_options():
    told = [text for rule in RULES for text in rule["annotations"].values()]
    commands = [words for text in told for words in re.findall(r"`monitor ([^`]*)`", text)]
    assert len(commands) >= 4
    for command in commands:
        verb, *words = command.split()
        known = parser_of(verb, Shell.of(sys.stdin, sys.stdout, sys.stderr, {})).format_help()
        assert verb in VERBS
        assert all(word in known for word in words if word.startswith("--"))


# ---------------------------------------------------------------------------- what sets the environment


def environments() -> dict[str, dict[str, str]]:
    """The variables that each way of running sets, by file."""
    container = MANIFESTS["statefulset"]["spec"]["template"]["spec"]["containers"][0]
    image = re.findall(r"(MONITOR_\w+)=(\S+)", (ROOT / "Dockerfile").read_text("utf-8"))
    found = {
        "compose.yaml": COMPOSE["services"]["monitor"]["environment"],
        "statefulset.yaml": {each["name"]: each["value"] for each in container["env"]},
        "Dockerfile": dict(image),
    }
    for unit in UNITS:
        lines = re.findall(r"^#?Environment=(\w+)=(.*)$", unit.read_text("utf-8"), re.MULTILINE)
        found[unit.name] = dict(lines)
    return found


@pytest.mark.parametrize("name", environments())
def test_every_variable_sets_something_that_exists(name, tmp_path):
    variables = environments()[name]
    (tmp_path / "secret").write_text("secret")
    files = {key: str(tmp_path / "secret") for key in variables if key.endswith("_FILE")}
    needed = {"MONITOR_MAIL__SMTP__HOST": "smtp.example.org", "MONITOR_MAIL__SMTP__USERNAME": "monitor"}
    assert read_settings(tmp_path, (needed if files else {}) | variables | files)


# ---------------------------------------------------------------------------- systemd


def directives(unit: Path) -> dict[str, dict[str, str]]:
    reader = configparser.ConfigParser(strict=False, interpolation=None, delimiters="=")
    reader.read_string(unit.read_text("utf-8"))
    return {section: dict(reader[section]) for section in reader.sections()}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_verb_of_ours(unit):
    command = directives(unit)["Service"]["execstart"]
    verb, *words = shlex.split(command.partition("/bin/monitor ")[2].rstrip("'"))
    known = parser_of(verb, Shell.of(sys.stdin, sys.stdout, sys.stderr, {})).format_help()
    assert verb in VERBS
    assert all(word in known for word in words if word.startswith("--"))


def test_whoever_stops_the_daemon_waits_until_it_has_finished():
    service = directives(DOCS / "systemd" / "media-monitor.service")["Service"]
    pod = MANIFESTS["statefulset"]["spec"]["template"]["spec"]
    graces = [
        service["timeoutstopsec"],
        pod["terminationGracePeriodSeconds"],
        COMPOSE["services"]["monitor"]["stop_grace_period"].removesuffix("s"),
    ]
    assert all(float(grace) >= GRACE + 10 for grace in graces)


def test_whoever_sees_the_daemon_crash_lets_its_post_room_hear_the_servers_out():
    service = directives(DOCS / "systemd" / "media-monitor.service")["Service"]
    assert service["killmode"] == "control-group"
    assert float(service["timeoutstopsec"]) > LINGER


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_nothing_wrong(tmp_path):
    for unit in (DOCS / "systemd").iterdir():
        text = unit.read_text("utf-8").replace("/opt/media-monitor/.venv/bin/monitor", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "media-monitor" in line]
    assert (done.returncode, ours) == (0, [])


# ---------------------------------------------------------------------------- Kubernetes and compose


def test_the_mounted_configuration_is_right(tmp_path):
    (mount,) = (
        volume["configMap"]
        for volume in MANIFESTS["statefulset"]["spec"]["template"]["spec"]["volumes"]
        if "configMap" in volume
    )
    assert mount["name"] == MANIFESTS["configmap"]["metadata"]["name"]
    assert {one["key"] for one in mount["items"]} == MANIFESTS["configmap"]["data"].keys()
    for one in mount["items"]:
        (tmp_path / one["path"]).parent.mkdir(exist_ok=True)
        (tmp_path / one["path"]).write_text(MANIFESTS["configmap"]["data"][one["key"]])
    found = load(tmp_path, {})
    assert found.warnings == ()
    assert failed_tests(found, pytest.fail) == ()
    assert str(found.settings.mail.smtp.password_file) == "/run/secrets/smtp/password"


def test_every_manifest_is_listed_and_finds_the_others():
    names = {f"{name}.yaml" for name in MANIFESTS} - {"kustomization.yaml"}
    assert set(MANIFESTS["kustomization"]["resources"]) == names
    stateful, service = MANIFESTS["statefulset"]["spec"], MANIFESTS["service"]["spec"]
    labels = stateful["template"]["metadata"]["labels"]
    assert stateful["selector"]["matchLabels"] == service["selector"] == labels
    assert stateful["serviceName"] == MANIFESTS["service"]["metadata"]["name"]
    assert stateful["replicas"] == "1"
    pod = stateful["template"]["spec"]
    (container,) = pod["containers"]
    ports = {port["name"] for port in container["ports"]}
    assert {port["targetPort"] for port in service["ports"]} <= ports
    probes = [container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")]
    assert {(probe["path"], probe["port"]) for probe in probes} == {("/healthz", "http"), ("/readyz", "http")}
    volumes = {volume["name"] for volume in pod["volumes"]}
    claims = {claim["metadata"]["name"] for claim in stateful["volumeClaimTemplates"]}
    assert {mount["name"] for mount in container["volumeMounts"]} == volumes | claims
    (secret,) = (volume["secret"]["secretName"] for volume in pod["volumes"] if "secret" in volume)
    assert secret == MANIFESTS["secret"]["metadata"]["name"]
    assert container["args"][0] in VERBS


def test_the_pod_and_the_container_may_do_nothing_they_need_not():
    pod = MANIFESTS["statefulset"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert (pod["securityContext"]["runAsNonRoot"], pod["securityContext"]["runAsUser"]) == ("true", "10001")
    assert container["securityContext"]["readOnlyRootFilesystem"] == "true"
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    service = COMPOSE["services"]["monitor"]
    assert (service["read_only"], service["cap_drop"]) == ("true", ["ALL"])
    assert service["ports"][0].startswith("127.0.0.1:")


def test_compose_defines_what_it_uses():
    service = COMPOSE["services"]["monitor"]
    named = {mount.partition(":")[0] for mount in service["volumes"]} - {"./config"}
    assert named == COMPOSE["volumes"].keys()
    assert set(service["secrets"]) == COMPOSE["secrets"].keys()
    assert (DOCS / service["build"] / "Dockerfile").exists()


JUDGE = shutil.which("kubernetes-validate") or shutil.which("kubeconform")


@pytest.mark.skipif(JUDGE is None, reason="needs kubernetes-validate or kubeconform")
@pytest.mark.parametrize("name", sorted(set(MANIFESTS) - {"kustomization"}))
def test_kubernetes_would_take_the_manifest(name):
    done = subprocess.run(
        [JUDGE, "--strict" if "validate" in JUDGE else "-strict", str(DOCS / "kubernetes" / f"{name}.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


PROMTOOL = shutil.which("promtool")


@pytest.mark.skipif(PROMTOOL is None, reason="needs promtool (Debian's package prometheus)")
@pytest.mark.parametrize(
    "words", [["check", "rules", str(ALERTS)], ["test", "rules", "alerts_test.yaml"]], ids=" ".join
)
def test_prometheus_takes_the_alert_rules_and_they_fire_when_they_should(words):
    place = ROOT / "tests" / "data" / "operations"
    done = subprocess.run([PROMTOOL, *words], cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(PROMTOOL is None, reason="needs promtool (Debian's package prometheus)")
def test_prometheus_takes_what_the_daemon_shows():
    shown = Metrics().exposition()
    done = subprocess.run([PROMTOOL, "check", "metrics"], input=shown, capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
