"""File names as people send them, made safe to store, show and offer for download."""

import re
import unicodedata

from jiuzhu.core.errors import InvalidValue

_LONGEST = 120
_RESERVED = frozenset('<>:"|?*')
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FALLBACK = "文件"

# Endings that some system runs when a file is opened; they have no place before the real ending either.
_RUNNABLE = re.compile(
    "apk|app|aspx?|bat|cgi|chm|cmd|com|cpl|dll|docm|exe|hta|s?html?|jar|m?js|jse|jsp|lnk|mht|msi|php|phtml|pl|ps1|py|reg"
    "|scr|sh|svg|swf|vb|vbe|vbs|wsf|xhtml|xlsm|xml|xsl"
)


def safe_name(name: str) -> str:
    """The last part of a path without unseen characters (right-to-left, zero-width) and reserved signs.

    Names longer than 120 characters lose the end of their stem. A name of which nothing is left becomes `文件`.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    kept = "".join(" " if sign.isspace() else sign for sign in last if _is_kept(sign))
    kept = " ".join(kept.split()).strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if not dot:
        stem, ending = kept, ""
    stem = stem.strip(". ") or _FALLBACK
    ending = ending[:10]
    return stem[: _LONGEST - len(ending) - 1].rstrip(". ") + dot + ending


def suffix_of(name: str) -> str:
    """The ending of a safe name in lower case, with its dot; empty when there is none."""
    _, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if dot else ""


def refuse_hidden_ending(name: str) -> None:
    """Refuse a name such as `照片.exe.png`, which shows one type and may run as another.

    Raises:
        InvalidValue: an ending that can be run stands before the last one.
    """
    parts = name.lower().split(".")[1:-1]
    hidden = next((part for part in parts if _RUNNABLE.fullmatch(part.strip())), None)
    if hidden is not None:
        raise InvalidValue(
            "file.double_extension",
            f"文件名“{name}”中间含有可执行文件的后缀“.{hidden}”，请改名后重新上传",
            f'The name "{name}" holds the ending ".{hidden}" of a program; rename the file and upload it again.',
        )


def _is_kept(sign: str) -> bool:
    return sign.isspace() or (sign not in _RESERVED and unicodedata.category(sign) not in _UNSEEN)
