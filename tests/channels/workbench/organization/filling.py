"""Filling in the organization's forms as a browser would: send, read over, confirm, press twice."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import html5lib
from django.db import transaction
from django.http import HttpResponse
from tests.channels.conftest import Persona
from tests.channels.workbench.organization.conftest import BASE, Administration
from tests.strict_client import StrictClient

from jiuzhu.core.actors import system_actor
from jiuzhu.groundwork.audit.models import AuditBlock
from jiuzhu.groundwork.database.scope import acting

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Verb:
    """A page that changes something: who may, what is sent, and what is refused at which field.

    `shown` is on the page that follows. What is not `asked` takes effect at once. Route and values may hold ids of the
    small city, such as `{staff_id}`.
    """

    route: str
    persona: str
    sent: Fields
    wrong: Fields
    field: str
    shown: str
    asked: bool = True

    def client(self, administration: Administration) -> StrictClient:
        """The browser of the one who may."""
        found: object = administration
        for part in self.persona.split("."):
            found = getattr(found, part)
        assert isinstance(found, Persona)
        return found.client

    def address(self, administration: Administration) -> str:
        """The address with the ids of the small city."""
        return BASE + self.route.format(**_ids(administration))

    def values(self, administration: Administration, *, wrong: bool = False) -> Fields:
        """What is sent."""
        given = {**self.sent, **self.wrong} if wrong else self.sent
        ids = _ids(administration)
        return {name: value.format(**ids) if isinstance(value, str) else value for name, value in given.items()}


def _ids(administration: Administration) -> dict[str, int]:
    names = administration.__dataclass_fields__
    return {name: getattr(administration, name) for name in names if name.endswith("_id")}


def written() -> int:
    """How many changes the trail holds: every write to an audited table leaves one."""
    with acting(system_actor("test")):
        return AuditBlock.objects.count()


def text_of(answer: Any) -> str:
    """The page."""
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()


def filled(page: str) -> dict[str, list[str]]:
    """What the page's form would send if it were sent now, buttons aside."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    forms = [form for form in tree.iter("form") if form.get("method") == "post" and not form.get("action")]
    assert len(forms) == 1, "the page has one form of its own"
    values: dict[str, list[str]] = {}
    for field in forms[0].iter("input"):
        ticks = field.get("type") in {"checkbox", "radio"}
        if field.get("name") and field.get("type") != "file" and not (ticks and field.get("checked") is None):
            values.setdefault(field.get("name", ""), []).append(field.get("value", "on" if ticks else ""))
    for area in forms[0].iter("textarea"):
        values[area.get("name", "")] = [(area.text or "").removeprefix("\n")]
    for choice in forms[0].iter("select"):
        chosen = [one.get("value", "") for one in choice.iter("option") if one.get("selected") is not None]
        values[choice.get("name", "")] = chosen or [""]
    values.pop("csrfmiddlewaretoken", None)
    return values


def _as_sent(values: Fields) -> dict[str, list[str]]:
    return {
        name: [str(one) for one in (value if isinstance(value, list) else [value])] for name, value in values.items()
    }


@contextmanager
def taken_back() -> Iterator[None]:
    """Let the next change find the city as this one did."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def is_refused_at_its_field(administration: Administration, verb: Verb) -> None:
    """Nothing that was filled in is lost, nothing is written, and the field says what is wrong."""
    client, address = verb.client(administration), verb.address(administration)
    before = written()
    sent = verb.values(administration, wrong=True)
    answer = client.post(address, sent)
    page = text_of(answer)
    assert answer.status_code == 422, address
    assert f'id="id_{verb.field}_error"' in page, (address, page.split("<main")[1][:3000])
    kept = filled(page)
    given = {name: values for name, values in _as_sent(sent).items() if values != [""]}
    assert {name: kept.get(name) for name in given} == given, address
    assert written() == before, address


def is_read_over_first(administration: Administration, verb: Verb) -> None:
    """The change is shown before it is made; going back brings the form as it was; nothing is written."""
    client, address = verb.client(administration), verb.address(administration)
    sent = verb.values(administration)
    before = written()
    answer = client.post(address, sent)
    page = text_of(answer)
    assert answer.status_code == 200, (address, page.split("<main")[1][:3000])
    assert "尚未办理" in page, address
    back = filled(text_of(client.post(address, {**filled(page), "back": "yes"})))
    given = {name: values for name, values in _as_sent(sent).items() if values != [""]}
    assert {name: back.get(name) for name in given} == given, address
    assert written() == before, address


def takes_effect_once(administration: Administration, verb: Verb) -> None:
    """Sent, confirmed, and confirmed again by a second press: one change, and the same answer."""
    client, address = verb.client(administration), verb.address(administration)
    sent = verb.values(administration)
    before = written()
    if verb.asked:
        final = {**filled(text_of(client.post(address, sent))), "sure": "yes"}
    else:
        final = {**filled(text_of(client.get(address))), **_as_sent(sent)}
    assert written() == before, address
    first = client.post(address, final)
    assert first.status_code == 302, (address, text_of(first)[:3000])
    after = written()
    assert after > before, address
    second = client.post(address, final)
    assert (second.status_code, second.headers["Location"]) == (302, first.headers["Location"]), address
    assert written() == after, address
    assert verb.shown in text_of(client.get(first.headers["Location"])), address
