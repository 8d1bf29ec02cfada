"""Static files: collected and compressed only when one of them has changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

_STAMP = ".collected"


def collect_if_changed() -> bool:
    """Collect the static files when their sources differ from those last collected; tells whether it did."""
    stamp = Path(settings.STATIC_ROOT) / _STAMP
    now = _state()
    if stamp.exists() and stamp.read_text(encoding="ascii") == now:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    # written last: an interrupted collection is done again
    stamp.write_text(now, encoding="ascii")
    return True


def _state() -> str:
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            prefix = getattr(storage, "prefix", None) or ""
            digest.update(f"{prefix}/{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
