"""Keys, codes and tokens of the demonstration identity provider; no web, no database."""

import base64
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core import signing

CODE_SECONDS = 60
TOKEN_SECONDS = 300
_CODE_SALT = "jiuzhu.demo.identity.code"
_TOKEN_SALT = "jiuzhu.demo.identity.token"  # noqa: S105  # a name, no secret


class RefusedGrant(Exception):  # noqa: N818  # named after the protocol's own error
    """The code or token is unknown, expired, or was made for another client or address (RFC 6749 5.2)."""


@dataclass(frozen=True, slots=True)
class Citizen:
    """Whom the provider vouches for: name and identity number (18 characters)."""

    name: str
    identity_number: str

    @property
    def subject(self) -> str:
        """A stable identifier that is not the number itself."""
        return hashlib.sha256(f"demo subject {self.identity_number}".encode()).hexdigest()[:32]


def signing_key(folder: Path) -> rsa.RSAPrivateKey:
    """The provider's key, made on first use and kept in `folder`."""
    file = folder / "demo-identity.pem"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = made.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        temporary = file.with_suffix(f".{os.getpid()}")
        temporary.write_bytes(pem)
        temporary.chmod(0o600)
        temporary.replace(file)
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{file.name} holds no RSA key: delete it, it is made anew")
    return key


def key_set(key: rsa.RSAPrivateKey) -> dict[str, object]:
    """The public half as a JSON Web Key Set."""
    numbers = key.public_key().public_numbers()
    return {
        "keys": [
            {
                "kty": "RSA",
                "use": "sig",
                "alg": "RS256",
                "kid": _key_id(key),
                "n": _base64(numbers.n),
                "e": _base64(numbers.e),
            }
        ]
    }


def make_code(citizen: Citizen, *, redirect_uri: str, nonce: str, challenge: str) -> str:
    """A code for one use within a minute, bound to the address it is sent to."""
    content = {
        "name": citizen.name,
        "number": citizen.identity_number,
        "redirect_uri": redirect_uri,
        "nonce": nonce,
        "challenge": challenge,
    }
    return signing.dumps(content, salt=_CODE_SALT)


def redeem_code(code: str, *, redirect_uri: str, verifier: str) -> tuple[Citizen, str]:
    """The citizen and nonce behind a code.

    Raises RefusedGrant: unknown, expired, for another address, or the proof key (RFC 7636) does not fit.
    """
    try:
        content: dict[str, str] = signing.loads(code, salt=_CODE_SALT, max_age=CODE_SECONDS)
    except signing.BadSignature as fault:
        raise RefusedGrant("the code is unknown or has expired") from fault
    if content["redirect_uri"] != redirect_uri:
        raise RefusedGrant("the code was made for another address")
    if content["challenge"]:
        proof = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if proof != content["challenge"]:
            raise RefusedGrant("the proof key does not fit")
    return Citizen(content["name"], content["number"]), content["nonce"]


def make_access_token(citizen: Citizen) -> str:
    """A token that opens the citizen's claims for five minutes."""
    return signing.dumps({"name": citizen.name, "number": citizen.identity_number}, salt=_TOKEN_SALT)


def citizen_of_token(token: str) -> Citizen:
    """The citizen behind an access token. Raises RefusedGrant."""
    try:
        content: dict[str, str] = signing.loads(token, salt=_TOKEN_SALT, max_age=TOKEN_SECONDS)
    except signing.BadSignature as fault:
        raise RefusedGrant("the token is unknown or has expired") from fault
    return Citizen(content["name"], content["number"])


def claims(citizen: Citizen) -> dict[str, object]:
    """What the provider says of a citizen; `id_number` is the claim that real-name platforms use."""
    return {"sub": citizen.subject, "name": citizen.name, "id_number": citizen.identity_number, "real_name": True}


def make_id_token(
    citizen: Citizen, key: rsa.RSAPrivateKey, *, issuer: str, client_id: str, nonce: str, now_unix: int
) -> str:
    """The signed identity token; it carries the subject only, the claims are fetched with the access token."""
    content: dict[str, object] = {
        "iss": issuer,
        "aud": client_id,
        "sub": citizen.subject,
        "iat": now_unix,
        "exp": now_unix + TOKEN_SECONDS,
    }
    if nonce:
        content["nonce"] = nonce
    return jwt.encode(content, key, algorithm="RS256", headers={"kid": _key_id(key)})


def _key_id(key: rsa.RSAPrivateKey) -> str:
    return hashlib.sha256(str(key.public_key().public_numbers().n).encode()).hexdigest()[:16]


def _base64(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
