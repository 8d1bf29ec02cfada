"""`jiuzhu serve` and `worker`: refusing a half-configured production, surviving a killed process, ending cleanly."""

from pathlib import Path

import click
import pytest
from tests.processes import PATIENCE_SECONDS, answers, children, free_port, kill, kill_all, lives, running, until

from jiuzhu.config.commandline.serve import require_ready
from jiuzhu.groundwork.database.cluster import Connections
from jiuzhu.groundwork.startup import checks
from jiuzhu.groundwork.startup.checks import NotReady
from jiuzhu.groundwork.startup.findings import Finding

PROGRAM = "jiuzhu.config.commandline"


def test_a_refusal_lists_what_to_put_right_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise NotReady(
            [Finding("debug", "DEBUG", "调试模式已打开", "请设为 False", "debugging is on", "set it to False")]
        )

    monkeypatch.setattr(checks, "assert_ready", refuse)
    with pytest.raises(click.ClickException) as refusal:
        require_ready()
    assert "DEBUG：调试模式已打开；请设为 False" in refusal.value.message
    assert "DEBUG: debugging is on; set it to False" in refusal.value.message


def environment(addresses: Connections, **more: str) -> dict[str, str]:
    return {
        "DATABASE_URL": addresses.owner,
        "DATABASE_APP_URL": addresses.app,
        "JIUZHU_STAGE": "test",
        **more,
    }


@pytest.mark.fault
def test_the_server_survives_a_killed_process_and_ends_cleanly(committing_db: Connections) -> None:
    port = free_port()
    arguments = (PROGRAM, "serve", "--port", str(port), "--workers", "1")
    with running(*arguments, environment=environment(committing_db)) as server:
        until(lambda: answers(port), server)
        (killed,) = children(server.pid)
        kill_all([killed])
        until(lambda: answers(port) and killed not in children(server.pid), server)
        server.terminate()
        assert server.wait(PATIENCE_SECONDS) == 0


@pytest.mark.fault
def test_of_a_killed_server_nothing_keeps_the_port(committing_db: Connections) -> None:
    port = free_port()
    with running(PROGRAM, "serve", "--port", str(port), environment=environment(committing_db)) as server:
        until(lambda: answers(port), server)
        below = children(server.pid)
        assert len(below) == 2
        kill(server)
        until(lambda: not any(map(lives, below)))
        assert not answers(port)


@pytest.mark.slow
def test_neither_server_nor_worker_starts_in_a_half_configured_production(
    committing_db: Connections, tmp_path: Path
) -> None:
    half = environment(committing_db, JIUZHU_STAGE="production", JIUZHU_SECRET_KEY="short", JIUZHU_FIELD_KEYS="")
    for verb in ("serve", "worker"):
        output = tmp_path / verb
        with running(PROGRAM, verb, environment=half, output=output) as process:
            assert process.wait(PATIENCE_SECONDS) == 1
        said = output.read_text(encoding="utf-8")
        assert "JIUZHU_SECRET_KEY" in said
        assert "JIUZHU_FIELD_KEYS" in said
        assert "Traceback" not in said
