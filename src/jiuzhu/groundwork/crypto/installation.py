"""The keyring of this installation, from its settings."""

from functools import lru_cache

from django.conf import settings

from jiuzhu.groundwork.crypto.keyring import Keyring


def installed_keyring() -> Keyring:
    """The keys and the suite that the environment gives now.

    Raises:
        KeyringFault: they are missing or malformed.
    """
    environment = settings.ENVIRONMENT
    return _parsed(environment.field_keys, environment.cipher_suite)


@lru_cache(maxsize=4)
def _parsed(field_keys: str, cipher_suite: str) -> Keyring:
    return Keyring.parse(field_keys, cipher_suite)
