"""SSH signatures (PROTOCOL.sshsig), made and checked by OpenSSH's own `ssh-keygen`: the one door to it.

Checking answers one question, whose answer never changes: which key's signature over these bytes is
this, in this namespace? Who that key belongs to, and whether it counts, is decided elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from gaoshi.core.failure import Failure
from gaoshi.sources.sshsig import ed25519_signer

MOST_BYTES = 8 * 1024
"""No signature that OpenSSH makes is larger."""
_GOOD = re.compile(r'Good "(?P<namespace>[a-z-]+)" signature with \S+ key (?P<key>SHA256:[A-Za-z0-9+/]{43})')
_KEY_TYPES = re.compile(
    r"ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com",
    re.ASCII,
)


class SignError(Failure):
    """`ssh-keygen` is missing, or would not sign; `detail` is its own last line."""

    family = "sign"


@dataclass(frozen=True, slots=True)
class Signed:
    """Bytes, the signature on them in its armour, and the namespace it must be in."""

    payload: bytes
    signature: bytes
    namespace: str


def fingerprint_of(line: str) -> str | None:
    """The SHA-256 fingerprint of a public key as OpenSSH writes it (`ssh-ed25519 AAAA… comment`); None for no key."""
    parts = line.split()
    if len(parts) < 2 or not _KEY_TYPES.fullmatch(parts[0]):  # noqa: PLR2004  (type and key)
        return None
    try:
        blob = base64.b64decode(parts[1], validate=True)
    except (binascii.Error, ValueError):
        return None
    name = parts[0].encode()
    if not blob.startswith(len(name).to_bytes(4, "big") + name):  # the key says itself of which type it is
        return None
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def signers(signed: Iterable[Signed]) -> dict[Signed, str | None]:
    """The fingerprint of the key whose signature each is; None where it is not a good one.

    Raises SignError (`missing`) where ssh-keygen is needed and not there.
    """
    wanted = list(dict.fromkeys(signed))
    hands = os.cpu_count() or 1
    with ThreadPoolExecutor(max_workers=hands) as pool:  # libsodium works beside Python
        parts = pool.map(_usual_signers, (wanted[start::hands] for start in range(hands)))
        found = {item: signer for part in parts for item, signer in part.items()}
    others = [item for item in wanted if found[item] is None]
    found |= dict(zip(others, _ask(others), strict=True))
    return {item: signer or None for item, signer in found.items()}


def _usual_signers(some: list[Signed]) -> dict[Signed, str | None]:
    return {item: ed25519_signer(item.payload, item.signature, item.namespace) for item in some}


def _ask(unusual: list[Signed]) -> list[str | None]:
    """What `ssh-keygen` says of each."""
    if not unusual:
        return []
    # Each check waits for a process of its own, so threads are enough.
    with (
        tempfile.TemporaryDirectory(prefix="gaoshi-") as folder,
        ThreadPoolExecutor(max_workers=min(8, (os.cpu_count() or 1) + 1)) as pool,
    ):
        paths = (Path(folder, str(number)) for number in range(len(unusual)))
        return list(pool.map(_signer, unusual, paths))


def _signer(signed: Signed, path: Path) -> str | None:
    if len(signed.signature) > MOST_BYTES:
        return None
    path.write_bytes(signed.signature)
    arguments = ["-Y", "check-novalidate", "-n", signed.namespace, "-s", str(path)]
    result = _ssh_keygen(arguments, signed.payload)
    match = _GOOD.match(result.stdout.decode(errors="replace"))
    if result.returncode != 0 or match is None or match["namespace"] != signed.namespace:
        return None
    return match["key"]


def sign(payload: bytes, namespace: str, key: Path) -> bytes:
    """The signature on `payload` by the private key in file `key`, or by the agent for a public one.

    Raises SignError: `missing` without ssh-keygen, `failed` when it would not.
    """
    with tempfile.TemporaryDirectory(prefix="gaoshi-") as folder:
        data = Path(folder, "payload")
        data.write_bytes(payload)
        # A passphrase is asked for on the terminal, a touch of a hardware key too: its words go through.
        arguments = ["-Y", "sign", "-n", namespace, "-f", str(key), str(data)]
        result = _ssh_keygen(arguments, b"", quiet=False)
        signature = data.with_name("payload.sig")
        if result.returncode != 0 or not signature.exists():
            lines = result.stderr.decode(errors="replace").strip().splitlines()
            raise SignError("failed", lines[-1] if lines else f"exit status {result.returncode}")
        return signature.read_bytes()


def public_line(key: Path) -> str:
    """The public half of the key in file `key`, as OpenSSH writes it. Raises SignError."""
    beside = key if key.suffix == ".pub" else key.with_name(key.name + ".pub")
    if beside.exists():
        return beside.read_text(encoding="utf-8", errors="replace").strip()
    result = _ssh_keygen(["-y", "-f", str(key)], b"")
    if result.returncode != 0:
        lines = result.stderr.decode(errors="replace").strip().splitlines()
        raise SignError("failed", lines[-1] if lines else f"exit status {result.returncode}")
    return result.stdout.decode(errors="replace").strip()


def _ssh_keygen(arguments: list[str], stdin: bytes, *, quiet: bool = True) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["ssh-keygen", *arguments],
            input=stdin if quiet else None,
            capture_output=quiet,
            stderr=None if quiet else subprocess.PIPE,
            stdout=None if quiet else subprocess.DEVNULL,
            env=os.environ | {"LC_ALL": "C"},
            check=False,
        )
    except FileNotFoundError:
        raise SignError("missing") from None
