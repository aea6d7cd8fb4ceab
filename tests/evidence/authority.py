"""A small timestamp authority (RFC 3161) on loopback: real tokens, signed by `openssl ts` under a root of its own."""

import os
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CONFIG = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
crypto_device = builtin
"""


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(
    subject: str, key: rsa.RSAPrivateKey, issuer: str, signer: rsa.RSAPrivateKey, *extensions: x509.ExtensionType
) -> bytes:
    today = datetime.now(UTC)
    made = x509.CertificateBuilder(_name(issuer), _name(subject), key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(today - timedelta(days=2)).not_valid_after(today + timedelta(days=30))
    for one in extensions:
        made = made.add_extension(one, critical=True)
    return made.sign(signer, SHA256()).public_bytes(Encoding.PEM)


def make_certificates(folder: Path) -> None:
    """root.pem, tsa.pem and tsa.key in a folder."""
    root, own = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    (folder / "root.pem").write_bytes(
        _certificate("示例根", root, "示例根", root, x509.BasicConstraints(ca=True, path_length=None))
    )
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    (folder / "tsa.pem").write_bytes(_certificate("示例时间戳", own, "示例根", root, usage))
    (folder / "tsa.key").write_bytes(own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "serial").write_text("01\n", encoding="ascii")
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder), encoding="utf-8")


def reply(folder: Path, query: bytes) -> bytes:
    """The authority's answer to a query."""
    asked, said = folder / f"{threading.get_ident()}.tsq", folder / f"{threading.get_ident()}.tsr"
    asked.write_bytes(query)
    words = ["openssl", "ts", "-reply", "-config", folder / "tsa.cnf", "-queryfile", asked, "-out", said]
    subprocess.run(list(map(str, words)), check=True, capture_output=True, env={**os.environ, "RANDFILE": str(folder / "rnd")})
    return said.read_bytes()


class Served:
    """A running authority; `answer` may be replaced: what comes back of a query, and the status."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""
        self.status = 200
        self.asked: list[bytes] = []
        self.answer = lambda query: reply(folder, query)


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Serve by HTTPS on loopback; `ca.pem` in the folder is what vouches for the connection."""
    make_certificates(folder)
    ca, told = trustme.CA(), Served(folder)
    ca.cert_pem.write_to_path(str(folder / "ca.pem"))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            told.asked.append(query)
            raw = told.answer(query)
            self.send_response(told.status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Location", "https://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    told.url = f"https://127.0.0.1:{server.server_port}/tsa"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
