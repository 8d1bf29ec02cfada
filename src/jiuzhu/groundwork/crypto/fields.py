"""Model fields: text stored encrypted, and the blind index by which equal values are found.

    citizen_id = EncryptedTextField("身份号码")
    citizen_id_index = BlindIndexField(source="citizen_id")

    Person.objects.filter(citizen_id_index="370902…")      # plain text in, rows out

`save` and `bulk_create` keep the index in step. `QuerySet.update` and `bulk_update` do not run it: give both fields,
the index with `blind_index(Person, "citizen_id_index", text)`.
"""

import base64
from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.lookups import IsNull, Lookup
from django.db.models.signals import pre_save
from django.db.models.sql.compiler import SQLCompiler

from jiuzhu.groundwork.crypto.installation import installed_keyring
from jiuzhu.groundwork.crypto.keyring import SealRefused
from jiuzhu.groundwork.crypto.normalise import compact

if TYPE_CHECKING:
    # generic for the type checker only
    _TextInBinary = models.BinaryField[str | None, str | None]
    _Binary = models.BinaryField[bytes | None, bytes | None]
    _AnyLookup = Lookup[Any]
else:
    _TextInBinary = _Binary = models.BinaryField
    _AnyLookup = Lookup


class SecretText(str):
    """Text that came out of an encrypted column. It is a `str`, but its `repr` hides it from logs and tracebacks.

    It remembers its sealed form, so that saving an unchanged value writes the same bytes and history shows no change.
    """

    __slots__ = ("context", "sealed")

    context: str
    sealed: bytes

    def __new__(cls, text: str, sealed: bytes = b"", context: str = "") -> Self:
        """Text with the sealed form it came from; without one it is sealed afresh when saved."""
        made = super().__new__(cls, text)
        made.sealed, made.context = sealed, context
        return made

    @classmethod
    def opened(cls, sealed: bytes, context: str) -> Self:
        """Open sealed bytes of a column.

        Raises:
            SealRefused: see `Keyring.open`.
        """
        try:
            return cls(installed_keyring().open(sealed, context).decode(), sealed, context)
        except UnicodeDecodeError:
            raise SealRefused(f"{context}: the sealed bytes are not text") from None

    def __repr__(self) -> str:
        return "<secret text>"

    def __reduce__(self) -> tuple[type[Self], tuple[str, bytes, str]]:
        return type(self), (str(self), self.sealed, self.context)


class EncryptedTextField(_TextInBinary):
    """Text stored as sealed bytes (see `keyring`); in Python `str` or None.

    `context` is `table.column` unless given: give the former one when a table or column is renamed, or its rows can no
    longer be opened. The column can be neither searched, ordered, unique nor indexed: use a `BlindIndexField`.
    """

    def __init__(self, *args: Any, context: str = "", **options: Any) -> None:
        for option in ("unique", "primary_key", "db_index", "choices"):
            if options.get(option):
                raise TypeError(f"an encrypted field cannot have {option}=…: use a BlindIndexField beside it")
        self.given_context = context
        super().__init__(*args, **options)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """As any field; `context` only when it was given."""
        name, path, arguments, options = super().deconstruct()
        if self.given_context:
            options["context"] = self.given_context
        return name, path, arguments, options

    @property
    def context(self) -> str:
        """What binds values to this column."""
        return self.given_context or f"{self.model._meta.db_table}.{self.column}"

    def from_db_value(
        self, value: bytes | memoryview | None, _expression: Expression, _connection: BaseDatabaseWrapper
    ) -> SecretText | None:
        """Open a stored value.

        Raises:
            SealRefused: it was tampered with, moved from another column, or its key is missing.
        """
        return None if value is None else SecretText.opened(bytes(value), self.context)

    def to_python(self, value: Any) -> str | None:
        """Text stays text; anything else is refused without being repeated."""
        if value is None or isinstance(value, str):
            return value
        raise TypeError(f"{self.name}: an encrypted field takes text, not {type(value).__name__}")

    def get_prep_value(self, value: Any) -> bytes | None:
        """Seal a value under the current key; an unchanged one keeps its bytes."""
        text = self.to_python(value)
        if text is None:
            return None
        ring = installed_keyring()
        if isinstance(text, SecretText) and text.context == self.context and ring.is_current(text.sealed):
            return text.sealed
        try:
            plain = text.encode()
        except UnicodeEncodeError:
            raise ValueError(f"{self.name}: the text holds half a character (a lone surrogate)") from None
        return ring.seal(plain, self.context)

    def value_to_string(self, obj: models.Model) -> str:
        """Serializers get the sealed bytes, never the text."""
        sealed = self.get_prep_value(self.value_from_object(obj))
        return "" if sealed is None else base64.b64encode(sealed).decode("ascii")

    def get_lookup(self, lookup_name: str) -> "type[Lookup[Any]] | None":
        """Only `isnull` means anything on sealed bytes.

        Raises:
            FieldError: any other lookup.
        """
        if lookup_name == "isnull":
            return IsNull
        raise FieldError(
            f"{self.name} is encrypted: the lookup {lookup_name!r} cannot find anything. Ask its BlindIndexField for an"
            " equal value, or `isnull` for an empty one"
        )


class BlindIndexField(_Binary):
    """The keyed hash of another field's normalised text, 16 bytes, by which rows with an equal value are found.

    `filter(index=text)` and `filter(index__in=[text, …])` take plain text and try every key of the ring, so rows are
    found before, during and after a rotation. Bytes are compared as they are. Text that normalises to nothing is
    stored as NULL and found by nothing.
    """

    def __init__(self, *args: Any, source: str = "", normalise: Callable[[str], str] = compact, **options: Any) -> None:
        self.source = source
        self.normalise = normalise
        options.setdefault("null", True)
        options.setdefault("db_index", True)
        options["editable"] = False
        self._indexed = bool(options["db_index"])
        super().__init__(*args, **options)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """As any field, with its source and how that is normalised."""
        name, path, arguments, options = super().deconstruct()
        options.pop("editable", None)
        options["source"] = self.source
        if self.normalise is not compact:
            options["normalise"] = self.normalise
        # the defaults of this field are not those of its base
        options["null"] = self.null
        options["db_index"] = self._indexed
        return name, path, arguments, options

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:  # noqa: FBT001, FBT002 (Django's own signature)
        """Also watch `save(update_fields=…)`, which could leave the index behind its source."""
        super().contribute_to_class(cls, name, private_only)
        if not cls._meta.abstract:
            pre_save.connect(self._both_or_none, sender=cls)

    def _both_or_none(self, update_fields: frozenset[str] | None = None, **_: object) -> None:
        if update_fields is not None and self.source in update_fields and self.name not in update_fields:
            raise FieldError(
                f"update_fields names {self.source} without its index {self.name}: the index would be left behind"
            )

    @property
    def source_field(self) -> EncryptedTextField:
        """The encrypted field that is indexed.

        Raises:
            FieldError: there is none of that name, or it is not encrypted.
        """
        try:
            found = self.model._meta.get_field(self.source)
        except FieldDoesNotExist:
            found = None
        if not isinstance(found, EncryptedTextField):
            raise FieldError(
                f"{self.model.__name__}.{self.name}: source={self.source!r} is no encrypted field of the model"
            )
        return found

    def value_of(self, text: str | None) -> bytes | None:
        """The index of a text under the current key; None for None and for text that normalises to nothing."""
        normalised = "" if text is None else self.normalise(text)
        return installed_keyring().blind_index(normalised, self.source_field.context) if normalised else None

    def candidates(self, text: str) -> tuple[bytes, ...]:
        """All values under which rows with this text may be stored."""
        normalised = self.normalise(text)
        return installed_keyring().blind_candidates(normalised, self.source_field.context) if normalised else ()

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:  # noqa: FBT001 (Django's own signature)
        """Compute the index from the source just before it is written."""
        value = self.value_of(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, value)
        return value

    def from_db_value(
        self, value: bytes | memoryview | None, _expression: Expression, _connection: BaseDatabaseWrapper
    ) -> bytes | None:
        """Plain bytes, whatever the driver gives."""
        return None if value is None else bytes(value)

    def get_lookup(self, lookup_name: str) -> "type[Lookup[Any]] | None":
        """`exact`, `in` and `isnull`.

        Raises:
            FieldError: any other lookup: a blind index knows only equal and unequal.
        """
        known = {"exact": _BlindExact, "in": _BlindIn, "isnull": IsNull}
        if lookup_name in known:
            return known[lookup_name]
        raise FieldError(f"{self.name} is a blind index: only exact, in and isnull can be asked, not {lookup_name!r}")


class _BlindLookup(_AnyLookup):
    """`column IN (every value that the given texts may be stored under)`."""

    prepare_rhs = False

    @abstractmethod
    def wanted(self) -> list[Any]: ...

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        left, parameters = self.process_lhs(compiler, connection)
        index = self.lhs.output_field
        values: list[bytes] = []
        for one in self.wanted():
            if isinstance(one, str):
                values.extend(index.candidates(one))
            elif isinstance(one, bytes | memoryview):
                values.append(bytes(one))
            elif one is not None:
                raise FieldError(f"{index.name} is looked up by text, not by {type(one).__name__}")
        if not values:
            return "FALSE", []
        return f"{left} IN ({', '.join(['%s'] * len(values))})", [*parameters, *values]


class _BlindExact(_BlindLookup):
    lookup_name = "exact"

    def wanted(self) -> list[Any]:
        return [self.rhs]


class _BlindIn(_BlindLookup):
    lookup_name = "in"

    def wanted(self) -> list[Any]:
        if isinstance(self.rhs, str | bytes):
            raise FieldError("__in takes a list of texts")
        return list(self.rhs)


def blind_index(model: type[models.Model], field: str, text: str | None) -> bytes | None:
    """The value of a model's blind index for a text, for `QuerySet.update` and set-based loads.

    Raises:
        FieldError: the field is no blind index.
    """
    found = model._meta.get_field(field)
    if not isinstance(found, BlindIndexField):
        raise FieldError(f"{model.__name__}.{field} is no blind index")
    return found.value_of(text)


def seal_text(model: type[models.Model], field: str, text: str | None) -> bytes | None:
    """The sealed bytes of a text for a model's encrypted field, for set-based loads that bypass the ORM.

    Raises:
        FieldError: the field is not encrypted.
    """
    found = model._meta.get_field(field)
    if not isinstance(found, EncryptedTextField):
        raise FieldError(f"{model.__name__}.{field} is not encrypted")
    return found.get_prep_value(text)
