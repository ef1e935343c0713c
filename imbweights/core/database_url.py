"""The address of a database as it was typed, and as it may be shown: no secret in it leaves here."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field

from imbweights.core.errors import UsageError

HIDDEN = "***"
_VARIABLE = "env:"
_EXAMPLE = "for example postgresql://ann@host/shop, sqlite:///labels.db, or env:DATABASE_URL"
# As SQLAlchemy cuts it: what stands before the first @ is name and password.
_URL = re.compile(
    r"(?P<dialect>[A-Za-z][\w+]*)://(?:(?P<user>[^:/@]*)(?::(?P<password>[^@]*))?@)?(?P<rest>.*)",
    re.DOTALL,
)
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """A database URL taken apart as far as showing it needs.

    ``whole``: as the driver needs it, secrets included, so it is in no ``repr``; ``shown``: without
    password and without what stands behind ``?``, which may hold keys and tokens.
    """

    whole: str = field(repr=False)
    shown: str
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def scrubbed(self, text: str) -> str:
        """``text`` of a driver without any secret of this URL.

        >>> database_url("postgresql://ann:s3cret@host/shop").scrubbed("no: s3cret")
        'no: ***'
        """
        for secret in sorted(self.secrets, key=len, reverse=True):
            if len(secret) < _SHORTEST and secret in text:
                return "the message of the driver is not shown: it may hold the password"
            text = text.replace(secret, HIDDEN)
        return text


def from_variable(typed: str) -> bool:
    """Whether the URL is to be taken from an environment variable."""
    return typed.startswith(_VARIABLE)


def database_url(typed: str) -> DatabaseUrl:
    """The URL that was typed, or that the environment variable of ``env:NAME`` holds.

    Raises ``UsageError``, which never repeats what it could not read: it may be a password.

    >>> database_url("postgresql://ann:s3cret@host/shop?sslmode=require").shown
    'postgresql://ann:***@host/shop'
    """
    url = typed
    where = "--database"
    if from_variable(typed):
        name = typed.removeprefix(_VARIABLE)
        where = f"--database {typed}"
        url = os.environ.get(name, "").strip()
        if not url:
            raise UsageError(f"{where}: there is no environment variable {name}, or it is empty")
    found = _parsed(url, where)
    if HIDDEN in found.secrets:
        raise UsageError(
            f"{where}: the password is not remembered; {HIDDEN} stands in place of what may be secret",
            hint="name the database again, best as --database env:NAME",
        )
    return found


def _parsed(url: str, where: str) -> DatabaseUrl:
    found = _URL.fullmatch(url)
    if found is None:
        raise UsageError(f"{where}: is not the URL of a database", hint=_EXAMPLE)
    host, _, query = found["rest"].partition("?")
    if "@" in host.split("/", 1)[0]:
        raise UsageError(
            f"{where}: there is more than one @ before the host",
            hint="a password that holds @ or / is written with %40 and %2F",
        )
    user = "" if found["user"] is None else found["user"]
    password = "" if found["password"] is None else f":{HIDDEN}"
    start = f"{found['dialect']}://" + (f"{user}{password}@" if user or password else "")
    return DatabaseUrl(url, start + host, _secrets(found["password"], query))


def _secrets(password: str | None, query: str) -> tuple[str, ...]:
    """Every text that must not be shown, as typed and as decoded."""
    from urllib.parse import parse_qsl, unquote

    found = [] if password is None else [password, unquote(password)]
    found += [value for _, value in parse_qsl(query)]
    found += [part.rpartition("=")[2] for part in query.split("&")]
    return tuple(dict.fromkeys(text for text in found if text))


def kept_form(typed: str) -> str:
    """The form to remember: ``env:NAME`` as it is, a URL without its password and parameters.

    >>> kept_form("mysql://ann:s3cret@host/shop"), kept_form("env:SHOP")
    ('mysql://ann:***@host/shop', 'env:SHOP')
    """
    if from_variable(typed):
        return typed
    try:
        found = _parsed(typed, "--database")
    except UsageError:
        return HIDDEN
    return found.shown + ("?" + HIDDEN if "?" in typed else "")


def is_whole(typed: str) -> bool:
    """Whether nothing was left out of this form when it was remembered.

    >>> is_whole("sqlite:///a.db"), is_whole("mysql://ann:***@host/shop")
    (True, False)
    """
    return from_variable(typed) or HIDDEN not in typed
