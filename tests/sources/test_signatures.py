"""Whose signature is this: the quick check says what ssh-keygen would say, and leaves the rest to it."""

from __future__ import annotations

import base64
import functools
import os
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaoshi.sources import signatures
from gaoshi.sources.signatures import Signed, SignError, fingerprint_of, public_line, sign, signers
from gaoshi.sources.sshsig import ed25519_signer

NAMESPACE = "gaoshi-approval"
PAYLOAD = "一份声明\n".encode()


@functools.cache
def key(kind: str, *more: str) -> Path:
    """A key of this kind, made once."""
    path = Path(tempfile.mkdtemp(prefix="gaoshi-test-key-"), kind)
    command = ["ssh-keygen", "-q", "-t", kind, *more, "-N", "", "-C", "x", "-f", str(path)]
    subprocess.run(command, check=True, env=os.environ | {"LC_ALL": "C"}, capture_output=True)
    return path


@functools.cache
def good() -> bytes:
    """A good Ed25519 signature on PAYLOAD."""
    return sign(PAYLOAD, NAMESPACE, key("ed25519"))


def asked(payload: bytes, signature: bytes, namespace: str = NAMESPACE) -> str | None:
    """What ssh-keygen alone says."""
    return signatures._ask([Signed(payload, signature, namespace)])[0]


def blob(signature: bytes) -> bytes:
    """What the armour holds."""
    return base64.b64decode(b"".join(signature.split(b"\n")[1:-2]))


def armoured(data: bytes) -> bytes:
    """Bytes in the armour of a signature, in lines as ssh-keygen writes them."""
    text = base64.b64encode(data)
    lines = [text[start : start + 70] for start in range(0, len(text), 70)]
    return b"\n".join([b"-----BEGIN SSH SIGNATURE-----", *lines, b"-----END SSH SIGNATURE-----", b""])


@pytest.mark.parametrize(("kind", "more"), [("ed25519", ()), ("ecdsa", ("-b", "256")), ("rsa", ("-b", "3072"))])
def test_every_usual_kind_of_key_signs_and_is_recognised(kind: str, more: tuple[str, ...]) -> None:
    """A signature by a key on the roster is told by the key's own fingerprint, whatever kind it is."""
    signed = Signed(PAYLOAD, sign(PAYLOAD, NAMESPACE, key(kind, *more)), NAMESPACE)
    assert signers([signed]) == {signed: fingerprint_of(public_line(key(kind, *more)))}


def test_the_quick_check_agrees_with_ssh_keygen_on_what_is_good() -> None:
    """For the usual signature both name the same key."""
    quick = ed25519_signer(PAYLOAD, good(), NAMESPACE)
    assert quick is not None
    assert quick == asked(PAYLOAD, good()) == fingerprint_of(public_line(key("ed25519")))


@pytest.mark.parametrize(
    ("payload", "namespace"), [(PAYLOAD + b" ", NAMESPACE), (b"", NAMESPACE), (PAYLOAD, "git"), (PAYLOAD, "file")]
)
def test_other_bytes_and_other_namespaces_are_not_signed(payload: bytes, namespace: str) -> None:
    """A signature holds for its own bytes in its own namespace, and for nothing else."""
    signed = Signed(payload, good(), namespace)
    assert signers([signed]) == {signed: None}


@pytest.mark.parametrize(
    "signature",
    [b"", b"x", b"\x00" * 100, b"-----BEGIN SSH SIGNATURE-----\n\n-----END SSH SIGNATURE-----\n", b"A" * 9000],
)
def test_what_is_no_signature_is_nobodys(signature: bytes) -> None:
    """Rubbish, emptiness and what is far too large are signatures of nobody, and nothing breaks."""
    signed = Signed(PAYLOAD, signature, NAMESPACE)
    assert signers([signed]) == {signed: None}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_quick_check_says_what_ssh_keygen_says_or_nothing(data: st.DataObject) -> None:
    """However a signature is bent, cut or lengthened: what passes here passes there for the same key, and fails there too."""
    whole = blob(good())
    how = data.draw(st.sampled_from(("flip", "cut", "more", "armour")))
    place = data.draw(st.integers(0, len(whole) - 1))
    if how == "flip":
        bit = 1 << data.draw(st.integers(0, 7))
        bent = armoured(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
    elif how == "cut":
        bent = armoured(whole[:place])
    elif how == "more":
        bent = armoured(whole + data.draw(st.binary(min_size=1, max_size=8)))
    else:
        text = good()
        place = data.draw(st.integers(0, len(text) - 1))
        bent = text[:place] + data.draw(st.binary(max_size=3)) + text[place + 1 :]
    quick = ed25519_signer(PAYLOAD, bent, NAMESPACE)
    assert quick is None or (quick or None) == asked(PAYLOAD, bent)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"SSHSIG", b"SSHSIH"),
        (b"SSHSIG\0\0\0\1", b"SSHSIG\0\0\0\2"),
        (b"gaoshi-approval\0\0\0\0", b"gaoshi-approval\0\0\0\1x"),
        (b"gaoshi-approval", b"gaoshi-receipts"),
        (b"sha512", b"sha384"),
        (b"ssh-ed25519", b"ssh-ed25518"),
        (b"\0\0\0\x33\0\0\0\x0bssh-ed25519\0\0\0\x20", b"\0\0\0\x34\0\0\0\x0bssh-ed25519\0\0\0\x20x"),
        (b"\0\0\0\x33\0\0\0\x0bssh-ed25519\0\0\0\x20", b"\0\0\0\x34\0\0\0\x0bssh-ed25519\0\0\0\x21x"),
        (b"\0\0\0\x53\0\0\0\x0bssh-ed25519", b"\0\0\0\x54\0\0\0\x0bssh-ed25519"),
        (b"\0\0\0\x53\0\0\0\x0bssh-ed25519\0\0\0\x40", b"\0\0\0\x53\0\0\0\x0bssh-ed25519\0\0\0\x41"),
        (b"", b"x"),
    ],
)
def test_whatever_is_not_exactly_of_the_usual_form_is_left_to_ssh_keygen(old: bytes, new: bytes) -> None:
    """Another version, name or length, something where nothing is to be, or something more: the quick check says nothing."""
    whole = blob(good())
    assert old in whole
    bent = whole.replace(old, new) if old else whole + new
    assert ed25519_signer(PAYLOAD, armoured(bent), NAMESPACE) is None


def test_a_key_that_is_not_there_is_said(tmp_path: Path) -> None:
    """Signing without a key ends in ssh-keygen's own reason."""
    with pytest.raises(SignError, match="failed"):
        sign(PAYLOAD, NAMESPACE, tmp_path / "nowhere")


def test_without_ssh_keygen_signing_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On a machine without OpenSSH nothing is signed, and the reason is the one to mend."""
    whose = key("ed25519")
    unusual = Signed(PAYLOAD, b"x", NAMESPACE)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SignError, match="missing"):
        sign(PAYLOAD, NAMESPACE, whose)
    with pytest.raises(SignError, match="missing"):
        signers([unusual])


@pytest.mark.parametrize(
    "line",
    ["", "ssh-ed25519", "ssh-ed25519 NONE", "ssh-dss AAAA", "ssh-ed25519 AAAAB3NzaC1yc2E=", "cert-v01 AAAA", "x y z"],
)
def test_what_is_no_key_has_no_fingerprint(line: str) -> None:
    """A line that is no public key, or names another type than it holds, is none."""
    assert fingerprint_of(line) is None
