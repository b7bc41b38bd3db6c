"""A small OpenID Connect issuer for tests: a real server on this machine, with signed tokens."""

import base64
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "tracker"


def number(value):
    return base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()


class Issuer:
    """`claims` is what it says of whoever comes; the rest makes it err.

    `wrong` replaces claims of the token itself (iss, aud, nonce, exp; None leaves one out), `about` what it says of
    itself, `signs_with` and `algorithm` the key; `moved` is an address that it sends every question to.
    """

    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signs_with = self.key
        self.algorithm = "RS256"
        self.claims, self.wrong, self.about = {}, {}, {}
        self.userinfo = lambda: self.claims
        self.moved = ""
        self.challenges = {}

    def configuration(self):
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "id_token_signing_alg_values_supported": ["RS256"],
            **self.about,
        }

    def keys(self):
        public = self.key.public_key().public_numbers()
        return {
            "keys": [
                {"kty": "RSA", "kid": "1", "alg": "RS256", "use": "sig", "n": number(public.n), "e": number(public.e)}
            ]
        }

    def authorize(self, query):
        """What a browser would do at the issuer: come back with a code. Gives the address to come back to."""
        code = f"code{len(self.challenges)}"
        self.challenges[code] = query
        return f"{query['redirect_uri'][0]}?{urlencode({'code': code, 'state': query['state'][0]})}"

    def token(self, form):
        asked = self.challenges.pop(form["code"][0])
        now = int(time.time())
        token = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 60, **self.claims}
        if "nonce" in asked:
            token["nonce"] = asked["nonce"][0]
        token = {name: value for name, value in (token | self.wrong).items() if value is not None}
        signed = jwt.encode(token, self.signs_with, self.algorithm, {"kid": "1"})
        return {"access_token": "a", "token_type": "Bearer", "id_token": signed}


@contextmanager
def running(port):
    issuer = Issuer(port)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            pages = {
                "/.well-known/openid-configuration": issuer.configuration,
                "/keys": issuer.keys,
                "/userinfo": issuer.userinfo,
            }
            if issuer.moved:
                self.send_response(302)
                self.send_header("Location", issuer.moved)
                self.end_headers()
                return
            self.answer(pages[urlsplit(self.path).path]())

        def do_POST(self):
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.answer(issuer.token(form))

        def answer(self, content):
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
