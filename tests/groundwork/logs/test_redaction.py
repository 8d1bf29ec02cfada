"""Logs: no personal data in a line, whatever way it got there; the request id on every line."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.groundwork.logs.configuration import configure, install, request_bound
from jiuzhu.groundwork.logs.redaction import looks_personal, masked, masked_text, personal_names, redact
from jiuzhu.groundwork.records import Record

ID = "370902199001011237"


@pytest.mark.parametrize(
    "text",
    [
        "370902199001011237",
        "身份证37090219900101123X已登记",
        "37090219900101123x",
        "370902 19900101 1237",
        "370902900101123",
        "6222021234567890123",
        "6222 0212 3456 7890 123",
        "6222-0212-3456-7890",
        "电话13805380000。",
        "+8613805380000",
        "86 138 0538 0000",
        "0538-6991234",
        "３７０９０２１９９００１０１１２３７",
    ],
)
def test_numbers_of_persons_are_masked_inside_any_text(text: str) -> None:
    assert looks_personal(text)
    assert not any(len(run) > 6 for run in "".join(c if c.isdigit() else " " for c in masked_text(text)).split())


@pytest.mark.parametrize(
    "text",
    [
        "370902001001",
        "2026-09-14T09:00:00Z",
        "1 234 567",
        "registry.person:12",
        "v1.2.3",
        "12345678901",
        "R-20260914-001",
    ],
)
def test_what_is_no_number_of_a_person_stays_readable(text: str) -> None:
    assert masked_text(text) == text


def test_the_values_that_postgresql_repeats_are_masked() -> None:
    said = "duplicate key\nDETAIL:  Key (name, village)=(测试甲, 370902001001) already exists."
    assert "测试甲" not in masked_text(said)
    assert "Key (name, village)=(***) already exists." in masked_text(said)
    assert "测试甲" not in masked_text("DETAIL:  Failing row contains (1, 测试甲, (x), null).")


def test_fields_are_masked_by_name_however_deep() -> None:
    event = {"event": "saved", "person": {"Full_Name": "测试甲", "id": 7, "phones": [{"phone": "8801"}]}, "phone": None}
    assert masked(event, {"full_name", "phone"}) == {
        "event": "saved",
        "person": {"Full_Name": "***", "id": 7, "phones": [{"phone": "***"}]},
        "phone": None,
    }


def test_every_field_that_a_model_calls_personal_is_masked() -> None:
    for model in apps.get_models():
        if issubclass(model, Record):
            for name in model.personal_data:
                assert redact(None, "info", {"event": "x", name: "测试甲"})[name] == "***", f"{model.__name__}.{name}"
    assert "event" not in personal_names()


values = st.recursive(
    st.sampled_from([ID, int(ID), f"a {ID} b", "13805380000", None, True, 3.5, 12]),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["a", ID, "phone"]), inner),
)


@given(values)
def test_no_shape_of_a_value_carries_a_number_through(value: Any) -> None:
    written = repr(masked(value, {"phone"}))
    assert ID not in written
    assert "13805380000" not in written


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    install(logging.StreamHandler(stream), json=True, level="INFO")
    yield stream
    configure({"json": False, "level": "INFO"})


def test_a_line_is_one_json_object_with_the_request_id_and_no_personal_data(lines: io.StringIO) -> None:
    with request_bound("r-42"):
        structlog.get_logger("jiuzhu.test").info("申请已受理", citizen_id=ID, line=f"证号{ID}", case=12)
        logging.getLogger("jiuzhu.test").warning(
            "person %s of %s", ID, {"phone": "x"}, extra={"display_name": "测试甲"}
        )
    ours, library = (json.loads(line) for line in lines.getvalue().splitlines())
    assert (ours["event"], ours["case"], ours["request_id"]) == ("申请已受理", 12, "r-42")
    assert (ours["citizen_id"], ours["line"], ours["level"]) == ("***", "证号[id number]", "info")
    assert (library["request_id"], library["display_name"], library["level"]) == ("r-42", "***", "warning")
    assert library["event"].startswith("person [id number] of")


def test_a_traceback_is_masked_too(lines: io.StringIO) -> None:
    try:
        raise ValueError(f"no such person {ID}")
    except ValueError:
        logging.getLogger("jiuzhu.test").exception("failed")
    line = json.loads(lines.getvalue())
    assert ID not in lines.getvalue()
    assert "no such person [id number]" in line["exception"]
    assert "request_id" not in line


def test_a_trial_writes_readable_lines_and_masks_them(capsys: pytest.CaptureFixture[str]) -> None:
    configure({"json": False, "level": "INFO"})
    structlog.get_logger("jiuzhu.test").info("申请已受理", line=ID)
    written = capsys.readouterr().err
    assert "申请已受理" in written
    assert ID not in written
    assert not written.startswith("{")


def test_configuring_twice_writes_each_line_once(lines: io.StringIO) -> None:
    second = io.StringIO()
    install(logging.StreamHandler(second), json=True, level="INFO")
    logging.getLogger("jiuzhu.test").info("once")
    assert (lines.getvalue(), len(second.getvalue().splitlines())) == ("", 1)
