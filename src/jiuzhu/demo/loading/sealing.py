"""Sealing a column at a time with the fields' own keys; only the checks for single values are left out."""

from collections.abc import Iterable
from typing import cast

from django.apps import apps

from jiuzhu.demo.loading.copying import NULL, sealed
from jiuzhu.groundwork.crypto.fields import BlindIndexField, EncryptedTextField
from jiuzhu.groundwork.crypto.installation import installed_keyring


def sealed_column(model: str, field: str, texts: Iterable[str]) -> list[str]:
    """The texts as an encrypted field stores them, in the form of COPY; an empty text becomes NULL."""
    found = cast("EncryptedTextField", apps.get_model("registry", model)._meta.get_field(field))
    context, seal = found.context, installed_keyring().seal
    return [sealed(seal(text.encode(), context)) if text else NULL for text in texts]


def index_column(model: str, field: str, texts: Iterable[str]) -> list[str]:
    """The blind indexes of texts that are in normal form already (digits and capital letters)."""
    found = cast("BlindIndexField", apps.get_model("registry", model)._meta.get_field(field))
    context, index = found.source_field.context, installed_keyring().blind_index
    return [sealed(index(text, context)) if text else NULL for text in texts]
