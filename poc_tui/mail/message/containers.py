"""Parts that hold a message in a form of their own: what was signed, and `winmail.dat`."""

from __future__ import annotations

import re
from collections.abc import Callable

from poc_tui.rules.mail.message import ENCRYPTED, SIGNED

_UNKNOWN = ("application/octet-stream", "application/binary")
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_ARMOUR = re.compile(
    r"^-----BEGIN[ ]PGP SIGNED MESSAGE-----\n(?:[A-Z][\w-]{1,40}: [^\n]{0,200}\n){0,9}\n"
    r"((?:(?!-----).*\n)*+)-----BEGIN[ ]PGP SIGNATURE-----\n(?:(?!-----).*\n)*+"
    r"-----END PGP SIGNATURE-----$"
    r"|^-----BEGIN[ ]PGP MESSAGE-----\n(?:(?!-----).*\n)*+-----END PGP MESSAGE-----$",
    re.M,
)
_PKCS7 = ("application/pkcs7-mime", "application/x-pkcs7-mime")


def is_tnef(type: str, name: str) -> bool:
    """Whether a part of that type and name is Outlook's `winmail.dat`."""
    return type in _TNEF or (type in _UNKNOWN and name.lower() == "winmail.dat")


def _is_pkcs7(type: str, name: str) -> bool:
    return type in _PKCS7 or (type in _UNKNOWN and name.lower().endswith((".p7m", ".p7z")))


def opened(type: str, name: str, body: Callable[[], bytes]) -> tuple[list[bytes], str]:
    """The parts, each with its header, that a leaf of that type and name holds, and a sentence on
    it; both may be empty.

    Raises nothing on account of what the bytes are.
    """
    if is_tnef(type, name):
        from poc_tui.mail.message import tnef

        try:
            return tnef.opened(body()), ""
        except ValueError:
            return [], f"{name or 'winmail.dat'} could not be opened; the original is kept."
    if _is_pkcs7(type, name):
        from poc_tui.mail.message import smime

        try:
            content = smime.content(body())
        except smime.Unreadable:
            return [], ENCRYPTED
        if content is not None:
            return [content], SIGNED
    return [], ""


def without_armour(text: str) -> tuple[str, list[str]]:
    """`text` with what PGP has signed as plain words, and what it has encrypted named in brackets
    (RFC 9580, sections 6.2 and 7); and a sentence on each kind."""
    sentences: dict[str, None] = {}

    def shown(armour: re.Match[str]) -> str:
        sentences[ENCRYPTED if armour[1] is None else SIGNED] = None
        return (
            f"({ENCRYPTED})" if armour[1] is None else armour[1].replace("\n- ", "\n").strip("\n")
        )

    return _ARMOUR.sub(shown, text), list(sentences)
