"""What the program reads from its environment, in one typed place.

A trial needs nothing: secrets are made once and kept under `var/`. In production every secret must be given; the
start-up assertions (`groundwork/startup`) refuse a half-configured one.
"""

import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from environs import Env

ROOT = Path(__file__).resolve().parents[3]


class Stage(StrEnum):
    """Where the program runs."""

    TRIAL = "trial"
    TEST = "test"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Environment:
    """Settings of one installation. `database_url` is the owner's; `database_app_url` the login of web and worker."""

    stage: Stage
    var: Path
    policies: tuple[Path, ...]
    secret_key: str
    field_keys: str
    cipher_suite: str
    database_url: str
    database_app_url: str
    allowed_hosts: tuple[str, ...]
    public_address: str
    behind_tls: bool
    identity_server: str
    identity_client_id: str
    identity_client_secret: str


def read() -> Environment:
    """Read the environment variables; in a trial, missing secrets come from `var/secrets.json`, made on first use."""
    env = Env()
    stage = Stage(env.str("JIUZHU_STAGE", Stage.TRIAL.value))
    var = Path(env.str("JIUZHU_VAR", str(ROOT / "var"))).resolve()
    made = {} if stage is Stage.PRODUCTION else _trial_secrets(var)
    port = env.int("JIUZHU_PORT", 8000)
    address = env.str("JIUZHU_PUBLIC_ADDRESS", f"http://localhost:{port}")
    secret_key = env.str("JIUZHU_SECRET_KEY", made.get("secret_key", ""))
    # in a trial the demonstration identity provider that ships with the program plays the province's
    demo_client = {} if stage is Stage.PRODUCTION else _demo_client(address, secret_key)
    return Environment(
        stage=stage,
        var=var,
        policies=(
            ROOT / "policies",
            *map(Path, env.str("JIUZHU_POLICIES", "").split(",") if env.str("JIUZHU_POLICIES", "") else ()),
        ),
        secret_key=secret_key,
        field_keys=env.str("JIUZHU_FIELD_KEYS", made.get("field_keys", "")),
        cipher_suite=env.str("JIUZHU_CIPHER_SUITE", "sm"),
        database_url=env.str("DATABASE_URL", ""),
        database_app_url=env.str("DATABASE_APP_URL", ""),
        allowed_hosts=tuple(env.list("JIUZHU_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])),
        public_address=address,
        behind_tls=env.bool("JIUZHU_BEHIND_TLS", stage is Stage.PRODUCTION),
        identity_server=env.str("JIUZHU_IDENTITY_SERVER", demo_client.get("server", "")),
        identity_client_id=env.str("JIUZHU_IDENTITY_CLIENT_ID", demo_client.get("id", "")),
        identity_client_secret=env.str("JIUZHU_IDENTITY_CLIENT_SECRET", demo_client.get("secret", "")),
    )


def _demo_client(address: str, secret_key: str) -> dict[str, str]:
    secret = hashlib.sha256(f"demo identity client {secret_key}".encode()).hexdigest()
    return {"server": f"{address}/demo/identity", "id": "jiuzhu-trial", "secret": secret}


def _trial_secrets(var: Path) -> dict[str, str]:
    file = var / "secrets.json"
    if not file.exists():
        var.mkdir(parents=True, exist_ok=True)
        fresh = {"secret_key": secrets.token_urlsafe(48), "field_keys": f"1:{secrets.token_hex(32)}"}
        temporary = file.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(fresh), encoding="utf-8")
        temporary.chmod(0o600)
        try:
            # a hard link is atomic and fails when another process was first: its secrets then count
            file.hardlink_to(temporary)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    loaded: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return loaded
