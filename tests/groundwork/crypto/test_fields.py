"""Encrypted fields and blind indexes on a real table."""

import copy
import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, models, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.groundwork.crypto.cards import REGISTRY, Card
from tests.groundwork.crypto.conftest import KEY_1, KEY_2, UseKeys

from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.audit.models import AuditChange
from jiuzhu.groundwork.crypto.fields import BlindIndexField, EncryptedTextField, SecretText, blind_index, seal_text
from jiuzhu.groundwork.crypto.keyring import KeyringFault, SealRefused
from jiuzhu.groundwork.crypto.normalise import as_written
from jiuzhu.groundwork.database.scope import acting

NUMBER = "370902199001011234"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card_table", "suite")]


@pytest.fixture(autouse=True)
def scope(system: Actor, db: None) -> Iterator[None]:
    with acting(system):
        yield


def stored(column: str = "number") -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM test_card ORDER BY id DESC LIMIT 1")
        return bytes(cursor.fetchone()[0])


def test_text_is_read_as_it_was_written_and_stored_as_something_else() -> None:
    Card.objects.create(number=NUMBER, note="患尿毒症，住𠮷祥里")
    card = Card.objects.get()
    assert (card.number, card.note) == (NUMBER, "患尿毒症，住𠮷祥里")
    assert NUMBER.encode() not in stored()
    assert "尿毒症".encode() not in stored("note")


def test_nothing_stays_nothing_and_empty_text_stays_empty() -> None:
    Card.objects.create(number=None, note="")
    card = Card.objects.get()
    assert card.number is None
    assert card.number_index is None
    assert card.note == ""
    assert Card.objects.filter(number__isnull=True).count() == 1


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=50) | st.sampled_from(["𠮷", "㙓", "䶮", "\x00"])
)
def test_any_text_survives_the_round_trip(text: str) -> None:
    card = Card.objects.create(note=text)
    assert Card.objects.get(id=card.id).note == text


def test_values_of_another_type_are_refused_without_being_repeated() -> None:
    for value in (370902199001011234, b"secret", 3.5):
        with pytest.raises(TypeError) as refusal, transaction.atomic():
            Card.objects.create(note=value)
        assert str(value) not in str(refusal.value)
    with pytest.raises(ValueError, match="half a character"), transaction.atomic():
        Card.objects.create(note="x\ud842")


def test_a_value_moved_to_another_column_is_refused() -> None:
    card = Card.objects.create(number=NUMBER, note="x")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE test_card SET note = number")
    with pytest.raises(SealRefused, match=r"test_card\.note"):
        Card.objects.get(id=card.id)


def test_a_changed_byte_in_the_table_is_refused_without_showing_anything() -> None:
    card = Card.objects.create(number=NUMBER)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE test_card SET number = set_byte(number, 35, get_byte(number, 35) # 1)")
    with pytest.raises(SealRefused) as refusal:
        Card.objects.get(id=card.id)
    assert NUMBER not in str(refusal.value)


def test_the_audit_trail_holds_only_sealed_bytes() -> None:
    card = Card.objects.create(number=NUMBER, note="低保")
    card.note = "特困"
    card.save()
    images = [str(change.before) + str(change.after) for change in AuditChange.objects.filter(table_name="test_card")]
    assert len(images) == 2
    for image in images:
        assert NUMBER not in image
        assert "低保" not in image
        assert "特困" not in image


def test_saving_an_unchanged_value_leaves_its_bytes_and_no_trace_in_the_history() -> None:
    Card.objects.create(number=NUMBER, note="a")
    before = stored(), stored("note")
    card = Card.objects.get()
    card.save()
    assert (stored(), stored("note")) == before
    assert AuditChange.objects.filter(table_name="test_card").count() == 1
    card.note = "b"
    card.save()
    assert stored() == before[0]
    assert stored("note") != before[1]


def test_what_was_read_from_another_column_is_sealed_afresh() -> None:
    Card.objects.create(number=NUMBER)
    card = Card.objects.get()
    card.note = card.number
    card.save()
    assert Card.objects.get().note == NUMBER


def test_text_from_the_database_hides_itself_in_repr_but_behaves_as_text() -> None:
    Card.objects.create(number=NUMBER)
    number = Card.objects.get().number
    assert isinstance(number, SecretText)
    assert NUMBER not in repr(number)
    assert NUMBER not in repr({"number": number})
    assert number == NUMBER
    assert f"{number}" == NUMBER
    assert number[-4:] == "1234"
    for twin in (copy.deepcopy(number), pickle.loads(pickle.dumps(number))):  # noqa: S301 (our own bytes)
        assert twin == NUMBER
        assert NUMBER not in repr(twin)


@pytest.mark.parametrize("lookup", ["exact", "in", "contains", "startswith", "gt", "iexact", "regex"])
def test_searching_the_encrypted_column_itself_is_refused_with_a_way_out(lookup: str) -> None:
    with pytest.raises(FieldError, match="BlindIndexField") as refusal:
        Card.objects.filter(**{f"number__{lookup}": NUMBER})
    assert NUMBER not in str(refusal.value)


@pytest.mark.parametrize("lookup", ["contains", "startswith", "gt", "regex"])
def test_a_blind_index_refuses_all_but_equality(lookup: str) -> None:
    with pytest.raises(FieldError, match="only exact, in and isnull"):
        Card.objects.filter(**{f"number_index__{lookup}": NUMBER})


def test_rows_are_found_by_plain_text_however_it_is_typed() -> None:
    card = Card.objects.create(number="37090219900101123X")
    Card.objects.create(number="370902199001011230")
    for typed in ("37090219900101123X", "37090219900101123x", " 370902 19900101 123X", "３７０９０２19900101123Ｘ"):
        assert Card.objects.get(number_index=typed) == card
    assert Card.objects.filter(number_index__in=["370902199001011230", "37090219900101123x"]).count() == 2
    assert Card.objects.exclude(number_index="37090219900101123X").count() == 1
    assert not Card.objects.filter(number_index="1").exists()


def test_text_that_is_empty_after_normalising_is_found_by_nothing() -> None:
    Card.objects.create(number="\u200b ")
    assert Card.objects.get().number_index is None
    assert not Card.objects.filter(number_index="").exists()
    assert not Card.objects.filter(number_index__in=[]).exists()


@pytest.mark.parametrize("wrong", [7, 3.5, object()])
def test_a_lookup_by_another_type_is_refused(wrong: Any) -> None:
    with pytest.raises(FieldError, match="by text"):
        Card.objects.filter(number_index=wrong).exists()
    with pytest.raises(FieldError, match="list of texts"):
        Card.objects.filter(number_index__in="370902").exists()


def test_bulk_create_fills_the_index_and_update_takes_it_from_the_function() -> None:
    Card.objects.bulk_create([Card(number=f"37090219900101{n:04}") for n in range(5)])
    assert Card.objects.filter(number_index="370902199001010003").count() == 1
    Card.objects.filter(number_index="370902199001010003").update(
        number=NUMBER, number_index=blind_index(Card, "number_index", NUMBER)
    )
    assert Card.objects.get(number_index=NUMBER).number == NUMBER


def test_saving_the_source_without_its_index_is_refused() -> None:
    card = Card.objects.create(number=NUMBER)
    card.number = "370902199001015678"
    with pytest.raises(FieldError, match="number_index"):
        card.save(update_fields=["number"])
    card.save(update_fields=["number", "number_index"])
    assert Card.objects.get(number_index="370902199001015678") == card
    card.save(update_fields=["label"])


def test_sealed_bytes_for_a_bulk_load_are_read_by_the_model() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO test_card (label, number, number_index) VALUES ('', %s, %s)",
            [seal_text(Card, "number", NUMBER), blind_index(Card, "number_index", NUMBER)],
        )
    assert Card.objects.get(number_index=NUMBER).number == NUMBER
    assert seal_text(Card, "number", None) is None
    assert blind_index(Card, "number_index", None) is None
    with pytest.raises(FieldError):
        seal_text(Card, "label", "x")
    with pytest.raises(FieldError):
        blind_index(Card, "number", "x")


def test_rows_under_a_former_key_or_suite_are_still_read_and_found(use_keys: UseKeys) -> None:
    for keys, suite in ((KEY_1, "sm"), (KEY_1, "international"), (f"{KEY_1},{KEY_2}", "international")):
        use_keys(keys, suite)
        Card.objects.create(number=NUMBER)
    use_keys(f"{KEY_1},{KEY_2}", "sm")
    assert [card.number for card in Card.objects.filter(number_index=NUMBER)] == [NUMBER] * 3


def test_saving_a_row_brings_it_to_the_current_key(use_keys: UseKeys) -> None:
    use_keys(KEY_1, "sm")
    Card.objects.create(number=NUMBER)
    use_keys(f"{KEY_1},{KEY_2}", "international")
    Card.objects.get().save()
    assert stored()[:3] == b"\x02\x00\x02"
    assert stored("number_index") == blind_index(Card, "number_index", NUMBER)


def test_without_keys_nothing_is_written(use_keys: UseKeys) -> None:
    use_keys("", "sm")
    with pytest.raises(KeyringFault, match="JIUZHU_FIELD_KEYS"), transaction.atomic():
        Card.objects.create(number=NUMBER)


def test_a_database_error_shows_no_text() -> None:
    card = Card.objects.create(number=NUMBER)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Card.objects.bulk_create([Card(id=card.id, number=NUMBER, note="尿毒症")])
    assert NUMBER not in str(refusal.value)
    assert "尿毒症" not in str(refusal.value)


def test_serializers_get_the_sealed_bytes() -> None:
    card = Card.objects.create(number=NUMBER)
    field = Card._meta.get_field("number")
    assert isinstance(field, EncryptedTextField)
    assert NUMBER not in field.value_to_string(card)
    assert field.value_to_string(Card(number=None)) == ""


def test_options_that_make_no_sense_on_sealed_bytes_are_refused() -> None:
    for option in ({"unique": True}, {"db_index": True}, {"primary_key": True}, {"choices": [("a", "b")]}):
        with pytest.raises(TypeError, match="BlindIndexField"):
            EncryptedTextField(**option)


def test_a_blind_index_over_a_plain_field_is_refused_on_first_use() -> None:
    class Wrong(models.Model):
        plain = models.TextField(default="x")
        index = BlindIndexField(source="plain")

        class Meta:
            app_label = "groundwork"
            apps = type(REGISTRY)()

        def __str__(self) -> str:
            return "wrong"

    with pytest.raises(FieldError, match="no encrypted field"), transaction.atomic():
        Wrong().save()


def test_fields_can_be_written_into_migrations_and_read_back() -> None:
    for field in (
        EncryptedTextField(null=True, context="old_table.number"),
        EncryptedTextField(),
        BlindIndexField(source="number", db_index=False),
        BlindIndexField(source="number", normalise=as_written),
    ):
        _, path, arguments, options = field.deconstruct()
        assert path.startswith("jiuzhu.groundwork.crypto.fields.")
        twin = type(field)(*arguments, **options)
        assert twin.deconstruct()[1:] == field.deconstruct()[1:]
        assert (twin.null, getattr(twin, "given_context", "")) == (field.null, getattr(field, "given_context", ""))
