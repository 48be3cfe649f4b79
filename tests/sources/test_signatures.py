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


def line_of(kind: str) -> str:
    """A public key that says itself that it is of this kind."""
    return f"{kind} {base64.b64encode(len(kind).to_bytes(4, 'big') + kind.encode() + bytes(36)).decode()}"


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


def test_a_signature_that_is_far_too_large_is_not_looked_into() -> None:
    """ssh-keygen reads past what follows a signature; we do so up to a size that none of its own has."""
    few, many = (Signed(PAYLOAD, good() + b"\n" * lines, NAMESPACE) for lines in (9, signatures.MOST_BYTES))
    assert signers([few, many]) == {few: fingerprint_of(public_line(key("ed25519"))), many: None}


def test_the_usual_signature_is_judged_without_ssh_keygen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whether it is good or not: nothing is left to ask."""
    mine, other = Signed(PAYLOAD, good(), NAMESPACE), Signed(PAYLOAD + b" ", good(), NAMESPACE)
    line = public_line(key("ed25519"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert signers([mine, other]) == {mine: fingerprint_of(line), other: None}


FINGERPRINT = "SHA256:" + "x" * 43
GOOD = f'Good "{NAMESPACE}" signature with ED25519 key {FINGERPRINT}'


def let_it_be(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another ssh-keygen than the one of this machine."""
    tool = folder / "ssh-keygen"
    tool.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.parametrize(
    ("script", "signer"),
    [
        (f"echo '{GOOD}'", FINGERPRINT),
        (f"echo '{GOOD}'; exit 1", None),
        (f"echo '{GOOD.replace(NAMESPACE, 'git')}'", None),
        (f"echo 'It is not: {GOOD}'", None),
        ("echo Good", None),
        ("", None),
    ],
)
def test_only_what_ssh_keygen_calls_good_in_every_way_is_good(
    script: str, signer: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its exit status, by its sentence and by the namespace in it: another version must not be misread."""
    let_it_be(script, tmp_path, monkeypatch)
    unusual = Signed(PAYLOAD, b"x", NAMESPACE)
    assert signers([unusual]) == {unusual: signer}


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ('for data; do :; done; echo x > "$data.sig"; echo sorry >&2; exit 1', "sorry"),
        ('for data; do :; done; echo x > "$data.sig"; exit 7', "exit status 7"),
        ("exit 0", "exit status 0"),
    ],
)
def test_what_ssh_keygen_did_not_sign_to_the_end_is_not_signed(
    script: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It failed with half a signature on the disk, or ended well without any: its last line, or its status, is told."""
    let_it_be(script, tmp_path, monkeypatch)
    with pytest.raises(SignError) as caught:
        sign(PAYLOAD, NAMESPACE, tmp_path / "key")
    assert (caught.value.what, caught.value.detail) == ("failed", reason)


def test_the_public_half_is_told_without_the_passphrase(tmp_path: Path) -> None:
    """It is read from beside the key, or is the file that was named."""
    path = tmp_path / "mine"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "a secret", "-C", "x", "-f", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    public = path.with_name("mine.pub")
    assert public_line(path) == public_line(public) == public.read_text(encoding="utf-8").strip()


def test_a_private_key_alone_tells_its_public_half(tmp_path: Path) -> None:
    """By ssh-keygen, which refuses what is no key."""
    alone, text = tmp_path / "alone", tmp_path / "text"
    alone.write_bytes(key("ed25519").read_bytes())
    alone.chmod(0o600)
    text.write_text("hello", encoding="utf-8")
    text.chmod(0o600)
    assert fingerprint_of(public_line(alone)) == fingerprint_of(public_line(key("ed25519")))
    with pytest.raises(SignError) as caught:
        public_line(text)
    assert caught.value.what == "failed"
    assert str(text) in caught.value.detail


@pytest.mark.parametrize(
    ("script", "reason"), [("echo a >&2; echo sorry >&2; exit 1", "sorry"), ("exit 7", "exit status 7")]
)
def test_why_there_is_no_public_half_is_told(
    script: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the last line of ssh-keygen, or by its status when it says nothing."""
    let_it_be(script, tmp_path, monkeypatch)
    with pytest.raises(SignError) as caught:
        public_line(tmp_path / "key")
    assert (caught.value.what, caught.value.detail) == ("failed", reason)


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
    [
        "",
        "ssh-ed25519",
        "ssh-ed25519 NONE",
        "ssh-dss AAAA",
        "ssh-ed25519 AAAAB3NzaC1yc2E=",
        "cert-v01 AAAA",
        "x y z",
        line_of("ssh-dss"),
        line_of("ssh-ed25519-cert-v01@openssh.com"),
    ],
)
def test_what_is_no_key_has_no_fingerprint(line: str) -> None:
    """A line that is no public key, or names another type than it holds, is none."""
    assert fingerprint_of(line) is None
