"""Tokens of OAuth 2 from whoever signs people in (RFC 6749, 7636, 8628).

What is asked and how the answer is read is oauthlib's. What goes there is this module's: over TLS
only, to nowhere that an answer leads to, by the certificates that this computer trusts.
"""

from __future__ import annotations

import json
import re
import ssl
import urllib.request
from http.client import HTTPException
from typing import IO, TYPE_CHECKING, Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit

from poc_tui.errors import MailFailed
from poc_tui.mail.transport.failures import reply, the_clock
from poc_tui.mail.transport.passwords import Password
from poc_tui.rules.text import safe
from poc_tui.settings.mail import Server, SignIn

if TYPE_CHECKING:
    from oauthlib.oauth2 import WebApplicationClient
    from oauthlib.oauth2.rfc6749.errors import OAuth2Error

TIMEOUT = 30.0
"""Seconds that the provider may take for an answer."""

_LARGEST = 1 << 20
"""Bytes of an answer."""

_MICROSOFT = "https://login.microsoftonline.com"
_PROVIDERS = {
    "microsoft": SignIn(
        authorization_url=f"{_MICROSOFT}/{{}}/oauth2/v2.0/authorize",
        token_url=f"{_MICROSOFT}/{{}}/oauth2/v2.0/token",
        device_url=f"{_MICROSOFT}/{{}}/oauth2/v2.0/devicecode",
        redirect_url="http://localhost",  # of any port, which 127.0.0.1 there is not
        scopes=(
            "https://outlook.office.com/IMAP.AccessAsUser.All",
            "https://outlook.office.com/SMTP.Send",
            "offline_access",
        ),
    ),
    # Without a device_url: by a code Google lets nobody in to mail.
    "google": SignIn(
        authorization_url="https://accounts.google.com/o/oauth2/v2/auth",
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106
        redirect_url="http://127.0.0.1",
        scopes=("https://mail.google.com/",),
    ),
    "": SignIn(redirect_url="http://127.0.0.1"),
}
_EXTRA = {"google": {"access_type": "offline", "prompt": "consent"}}
"""What a provider wants to be asked with, to give a sign-in that lasts."""

_CODE = re.compile(r"[a-z0-9_]{1,60}")
_ANEW = ("invalid_grant", "interaction_required", "login_required", "consent_required")
"""Codes that say that the person must sign in again."""


class Tokens(NamedTuple):
    """What a provider gives: an access token for so many seconds, and what renews it, or ""."""

    access: str
    refresh: str
    seconds: float


class DeviceCode(NamedTuple):
    """What a person types where, and how often (seconds) and how long to ask whether they did."""

    code: str
    user_code: str
    url: str
    interval: float
    seconds: float


class CodePending(MailFailed):
    """Nobody has typed the code yet; `slower`: and it was asked for too often."""

    def __init__(self, *, slower: bool) -> None:
        super().__init__("Nobody has typed the code yet.")
        self.slower = slower


class ProviderUnreachable(MailFailed):
    """There is no way to the provider, or it has no answer just now."""


class SignInEnded(MailFailed):
    """The person must sign in again."""


class Provider:
    """Who signs in the account of `server`; `secret` is the client's own, where it has one."""

    def __init__(self, server: Server, secret: Password | None = None) -> None:
        own, known = server.oauth, _PROVIDERS[server.oauth.provider]
        tenant = own.tenant or "common"
        self.oauth = own._replace(
            authorization_url=own.authorization_url or known.authorization_url.format(tenant),
            token_url=own.token_url or known.token_url.format(tenant),
            device_url=own.device_url or known.device_url.format(tenant),
            redirect_url=own.redirect_url or known.redirect_url,
            scopes=own.scopes or known.scopes,
        )
        self.host = urlsplit(self.oauth.token_url).hostname or ""
        self._server = server
        self._secret = secret

    def authorization_url(self, redirect: str, state: str, verifier: str) -> str:
        """Where the browser is to go; `verifier` is kept back until `redeem` (RFC 7636)."""
        client = self._client()
        return str(
            client.prepare_request_uri(
                self.oauth.authorization_url,
                redirect_uri=redirect,
                scope=list(self.oauth.scopes),
                state=state,
                code_challenge=client.create_code_challenge(verifier, "S256"),
                code_challenge_method="S256",
                login_hint=self._server.user,
                **_EXTRA.get(self.oauth.provider, {}),
            )
        )

    def redeem(self, query: str, redirect: str, state: str, verifier: str) -> Tokens:
        """The tokens for the `query` with which the browser came back to `redirect`.

        Raises:
            MailFailed: the person or the provider said no.
        """
        from oauthlib.oauth2 import OAuth2Error

        client = self._client()
        try:
            # oauthlib wants TLS here too, where nothing leaves this computer.
            found = client.parse_request_uri_response(f"https://localhost/?{query}", state)
        except OAuth2Error as error:
            raise self._refused(error) from None
        body = client.prepare_request_body(
            code=found["code"],
            redirect_uri=redirect,
            code_verifier=verifier,
            client_secret=self._shown(),
        )
        return self._tokens(body, found["code"], verifier)

    def refresh(self, token: str) -> Tokens:
        """An access token for the refresh token, and perhaps another refresh token.

        Raises:
            SignInEnded: the refresh token is no good any more.
            MailFailed: the provider cannot be reached, or refuses for another reason.
        """
        body = self._client().prepare_refresh_body(
            refresh_token=token, client_id=self.oauth.client_id, client_secret=self._shown()
        )
        return self._tokens(body, token)

    def device_code(self) -> DeviceCode:
        """What a person is to type on another device (RFC 8628, section 3.1)."""
        if not self.oauth.device_url:
            raise MailFailed(
                f"{self.host} signs nobody in to mail by a code on another device, or"
                f' "{self._server.table}.oauth.device_url" is missing. Sign in by browser.'
            )
        asked = {"client_id": self.oauth.client_id, "scope": " ".join(self.oauth.scopes)}
        said = self._object(self._post(self.oauth.device_url, urlencode(asked)))
        if "error" in said:
            raise self._refused(_error_of(said))
        try:
            return DeviceCode(
                str(said["device_code"]),
                str(said["user_code"]),
                str(said.get("verification_uri") or said["verification_url"]),
                _bounded(said.get("interval", 5), 1.0, 60.0),
                _bounded(said["expires_in"], 60.0, 3600.0),
            )
        except (KeyError, TypeError, ValueError, OverflowError):
            raise self._not_understood() from None

    def redeem_device(self, code: DeviceCode) -> Tokens:
        """The tokens for a code that was typed.

        Raises:
            CodePending: it was not, yet.
            ProviderUnreachable: ask again later, and less often.
            MailFailed: the person said no, or it is too late.
        """
        from oauthlib.oauth2 import DeviceClient

        body = DeviceClient(self.oauth.client_id).prepare_request_body(
            code.code, include_client_id=True, client_secret=self._shown()
        )
        return self._tokens(body, code.code)

    def _client(self) -> WebApplicationClient:
        from oauthlib.oauth2 import WebApplicationClient

        return WebApplicationClient(self.oauth.client_id)

    def _shown(self) -> str | None:
        return None if self._secret is None else self._secret.reveal()

    def _tokens(self, body: str, *sent: str) -> Tokens:
        """What the provider gives for that request, in which `sent` nobody may read."""
        from oauthlib.oauth2 import OAuth2Error

        text = self._post(self.oauth.token_url, body)
        self._object(text)
        try:
            given: dict[str, Any] = self._client().parse_request_body_response(text)
            access, refresh = given["access_token"], given.get("refresh_token") or ""
            seconds = _bounded(given.get("expires_in") or 0, 0.0, 86400.0)
        except OAuth2Error as error:
            if error.error in ("authorization_pending", "slow_down"):
                raise CodePending(slower=error.error == "slow_down") from None
            raise self._refused(error, *sent, self._shown()) from None
        except (AttributeError, TypeError, ValueError, OverflowError):
            raise self._not_understood() from None
        for token in (access, refresh):
            if not (isinstance(token, str) and token.isascii() and token.isprintable()):
                raise self._not_understood()
        return Tokens(access, refresh, seconds)

    def _object(self, text: str) -> dict[str, Any]:
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise self._not_understood()
        return said

    def _post(self, url: str, body: str) -> str:
        """What the provider answers, be it yes or no."""
        host = safe(urlsplit(url).hostname or "")
        asked = urllib.request.Request(  # noqa: S310  (the settings have https only)
            url, body.encode(), {"Accept": "application/json", "Content-Type": _FORM}
        )
        context = ssl.create_default_context()
        opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=context), _NoRedirect
        )
        try:
            with opener.open(asked, timeout=TIMEOUT) as answer:
                return _text(answer)
        except HTTPError as error:
            with error:
                if error.code < 500 and error.code != 429:
                    return _text(error)
            raise ProviderUnreachable(
                f"{host} has no answer just now ({error.code}). Try again later."
            ) from None
        except URLError as error:
            raise _unreachable(error.reason, host) from None
        except (OSError, HTTPException) as error:
            raise _unreachable(error, host) from None

    def _refused(self, error: OAuth2Error, *secret: str | None) -> MailFailed:
        """The sentence for what the provider says against it, with nothing `secret` in it."""
        server, host = self._server, safe(self.host)
        table = server.table
        code = str(error.error)
        if code == "missing_token" or not _CODE.fullmatch(code):
            return self._not_understood()
        if code == "access_denied":
            return MailFailed(f"{host} says that you, or who runs the account, did not agree.")
        if code == "expired_token":
            return MailFailed(
                f"The code is too old. `poc mail login {server.argument}` gives another."
            )
        if code in _ANEW:
            return SignInEnded(
                f"{host} has ended the sign-in of {safe(server.user)} ({code})."
                f" Sign in again: `poc mail login {server.argument}`."
            )
        if code in ("server_error", "temporarily_unavailable"):
            return ProviderUnreachable(f"{host} has no answer just now ({code}). Try again later.")
        words = reply(error.description)
        if any(Password(each).is_in(str(error.description)) for each in secret if each):
            words = ""
        check = {
            "invalid_client": f'"{table}.oauth.client_id" and the secret that belongs to it',
            "unauthorized_client": f'"{table}.oauth.client_id", and what it may do',
            "invalid_scope": f'"{table}.oauth.scopes"',
        }.get(code, f"[{table}.oauth] of the settings")
        said = f"{code}: {words}" if words else code
        return MailFailed(f"{host} refuses to sign {safe(server.user)} in: {said}. Check {check}.")

    def _not_understood(self) -> MailFailed:
        return MailFailed(
            f"What {safe(self.host)} answers is nothing that OAuth2 knows."
            f' Check "{self._server.table}.oauth.token_url".'
        )


_FORM = "application/x-www-form-urlencoded"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A secret goes where the settings say, and nowhere else."""

    def redirect_request(self, *args: Any, **options: Any) -> None:
        return None


def _bounded(seconds: Any, least: float, most: float) -> float:
    """So many seconds, within what makes sense; whatever is no number is `least`."""
    given = float(seconds)
    return min(given, most) if given > least else least


def _text(answer: IO[bytes]) -> str:
    return answer.read(_LARGEST).decode("utf-8", "replace")


def _error_of(said: dict[str, Any]) -> OAuth2Error:
    from oauthlib.oauth2.rfc6749.errors import CustomOAuth2Error

    return CustomOAuth2Error(str(said["error"]), description=said.get("error_description"))


def _unreachable(reason: object, host: str) -> ProviderUnreachable:
    if isinstance(reason, ssl.SSLCertVerificationError):
        clock = the_clock(reason).removeprefix(" and")
        check = f" Check{clock}." if clock else " Nothing was said to it."
        return ProviderUnreachable(
            f"The certificate of {host} cannot be trusted: {reply(reason.verify_message)}.{check}"
        )
    return ProviderUnreachable(
        f"{host} cannot be reached, so nobody is signed in. Perhaps this computer is offline;"
        " try again later."
    )
