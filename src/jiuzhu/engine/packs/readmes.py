"""A programme's README says in plain words what its formulas do, and cites every article they rest on.

The rule: each instrument and article in the `basis` of a formula stands in the README of this layer or of another as
《title》第N条 (《title》第二条、第三条 counts for both), or by its short key in a comment: `<!-- jiuzhu_fa 18 -->`.
"""

import re
from collections.abc import Iterable, Mapping

from jiuzhu.core.citations import Citation, InvalidNumeral, from_chinese_numeral
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.packs.programmes import Programme
from jiuzhu.engine.problems import Problem

_STATE = "中华人民共和国"
_CITED = re.compile(
    r"《(?P<title>[^《》]+)》(?:（[^（）]*）)?"
    r"(?P<places>(?:(?:第[^条《》。；]{1,8}条)(?:第[^条《》。；]{1,8}[款项])*[、，和及与]?)*)"
)
_ARTICLE = re.compile(r"第([零〇一二两三四五六七八九十百千]+|[0-9]{1,4})条")
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_KEY = re.compile(r"\b(?P<key>[a-z][a-z0-9_]*)(?: (?P<article>[0-9]{1,4}))?")


def cited(text: str, instruments: Mapping[str, Citation]) -> set[tuple[str, int | None]]:
    """What a text cites: title and article, None for the instrument as a whole."""
    found: set[tuple[str, int | None]] = set()
    for match in _CITED.finditer(text):
        title = match["title"].removeprefix(_STATE)
        found |= {(title, None)} | {(title, _number(one)) for one in _ARTICLE.findall(match["places"])}
    for comment in _COMMENT.findall(text):
        for match in _KEY.finditer(comment):
            instrument = instruments.get(match["key"])
            if instrument is not None:
                title = instrument.title.removeprefix(_STATE)
                found |= {(title, None), (title, int(match["article"]) if match["article"] else None)}
    return found


def _number(text: str) -> int | None:
    try:
        return int(text) if text.isdigit() else from_chinese_numeral(text)
    except InvalidNumeral:
        return None


def uncited(packs: PackSet, programme: Programme) -> Iterable[Problem]:
    """What a programme's formulas rest on and its README does not mention."""
    if not programme.readmes:
        return
    place = programme.readmes[0].place
    said = cited("\n".join(one.text for one in programme.readmes), packs.instruments)
    needed = {
        (citation.title.removeprefix(_STATE), citation.article): citation
        for variable in packs.variables.values()
        if variable.programme == programme.name
        for formula in variable.formulas
        for citation in formula.basis
    }
    for key in sorted(needed.keys() - said, key=lambda one: (one[0], one[1] or 0)):
        whole = needed[key]
        shown = f"《{whole.title}》" + (_article(whole) if whole.article else "")
        yield Problem(
            place,
            "readme.citation",
            f"没有说明公式所依据的{shown}。",
            f"it does not mention {shown}, on which a formula rests.",
            "请用一句话写明，并注明该条。",
            "Say it in a sentence, and cite the article.",
        )


def _article(citation: Citation) -> str:
    return citation.place_zh.partition("条")[0] + "条"
