"""A certificate for this computer, and an authority that a test may trust."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HOST = "localhost"


@dataclass(frozen=True)
class Certificate:
    """A key, a certificate for `HOST` (not for its number), and the authority that vouches for it.

    A test that is to trust it sets `SSL_CERT_FILE` to `authority`.
    """

    authority: Path
    chain: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """For a server that shows this certificate."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.chain, self.key)
        return context


def certificate(folder: Path, *, age: timedelta = timedelta(days=1)) -> Certificate:
    """An authority and a certificate of it, valid for two days of which `age` have passed.

    They are made once in a folder, so that all servers of a test can be trusted together.
    """
    made = Certificate(*(folder / name for name in ("authority.pem", "chain.pem", "key.pem")))
    if made.key.exists():
        return made
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    now = datetime.now(UTC)

    def signed(
        name: str,
        issuer: str,
        key: ec.EllipticCurvePrivateKey,
        by: ec.EllipticCurvePrivateKey,
        *,
        authority: bool,
    ) -> bytes:
        builder = x509.CertificateBuilder(
            issuer_name=_name(issuer),
            subject_name=_name(name),
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now - age,
            not_valid_after=now - age + timedelta(days=2),
        )
        usage = {
            "digital_signature": not authority,
            "key_cert_sign": authority,
            "crl_sign": authority,
        }
        others = (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        )
        for extension, critical in (
            (x509.BasicConstraints(ca=authority, path_length=None), True),
            (x509.KeyUsage(**usage, **dict.fromkeys(others, False)), True),
            (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), False),
            (x509.SubjectAlternativeName([x509.DNSName(HOST)]), False),
        ):
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(by, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    root, leaf = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    made.authority.write_bytes(signed("A test", "A test", root, root, authority=True))
    made.chain.write_bytes(signed(HOST, "A test", leaf, root, authority=False))
    made.key.write_bytes(
        leaf.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return made


def _name(common: str) -> Any:
    from cryptography import x509

    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])
