"""The usual SSH signature, Ed25519, checked in this process (by libsodium): a hundredth of `ssh-keygen`'s time.

It only ever judges a signature of exactly the form that OpenSSH writes (PROTOCOL.sshsig). Everything else,
other keys, hardware keys, anything odd, is for `ssh-keygen` to decide.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

_ARMOUR = re.compile(rb"-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\n]+)\n-----END SSH SIGNATURE-----\n?")
_MAGIC = b"SSHSIG"
_ED25519 = b"ssh-ed25519"
_KEY_BYTES, _SIGNATURE_BYTES = 32, 64
_HASHES = {b"sha512": hashlib.sha512, b"sha256": hashlib.sha256}


class _Odd(ValueError):
    """Not of the usual form."""


NOBODY = ""
"""Of the usual form, and no good."""


def ed25519_signer(payload: bytes, signature: bytes, namespace: str) -> str | None:
    """The fingerprint of the Ed25519 key whose good signature this is, or NOBODY; None when it cannot be said here."""
    from nacl.bindings import crypto_sign_open  # noqa: PLC0415  (needed only for what is not kept)
    from nacl.exceptions import CryptoError  # noqa: PLC0415

    try:
        key_blob, signed_by, hash_name = _parts(signature, namespace.encode())
        key = _pair(key_blob, _KEY_BYTES)
        made = _pair(signed_by, _SIGNATURE_BYTES)
        digest = _HASHES[hash_name](payload).digest()
        crypto_sign_open(made + _signed_data(namespace.encode(), hash_name, digest), key)
    except CryptoError:
        return NOBODY
    except (_Odd, KeyError):
        return None
    return "SHA256:" + base64.b64encode(hashlib.sha256(key_blob).digest()).decode().rstrip("=")


def _parts(armoured: bytes, namespace: bytes) -> tuple[bytes, bytes, bytes]:
    """Key, signature and hash name out of the armour, when everything else is as it must be."""
    match = _ARMOUR.fullmatch(armoured)
    if match is None:
        raise _Odd
    try:
        blob = base64.b64decode(match[1].replace(b"\n", b""), validate=True)
    except binascii.Error:
        raise _Odd from None
    head = _MAGIC + (1).to_bytes(4, "big")
    if not blob.startswith(head):
        raise _Odd
    key, rest = _string(blob[len(head) :])
    named, rest = _string(rest)
    reserved, rest = _string(rest)
    hash_name, rest = _string(rest)
    signature, rest = _string(rest)
    if named != namespace or reserved or rest:
        raise _Odd
    return key, signature, hash_name


def _string(data: bytes) -> tuple[bytes, bytes]:
    """A string of SSH's wire format (RFC 4251), and what follows it."""
    length = int.from_bytes(data[:4], "big")
    if len(data) < 4 + length:
        raise _Odd
    return data[4 : 4 + length], data[4 + length :]


def _pair(blob: bytes, length: int) -> bytes:
    """What stands beside the name `ssh-ed25519` in a key or a signature."""
    name, rest = _string(blob)
    value, rest = _string(rest)
    if name != _ED25519 or rest or len(value) != length:
        raise _Odd
    return value


def _signed_data(namespace: bytes, hash_name: bytes, digest: bytes) -> bytes:
    parts = (namespace, b"", hash_name, digest)
    return _MAGIC + b"".join(len(part).to_bytes(4, "big") + part for part in parts)
