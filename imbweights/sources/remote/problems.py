"""What goes wrong with remote files, in plain words and without the secrets of addresses."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from imbweights.core.errors import ImbweightsError, SourceError
from imbweights.core.urls import without_secrets
from imbweights.sources.steady import REASON, ChangedError

_GONE = (404, 410)
_DENIED = (401, 403, 407)
_BUSY = (429, 500, 502, 503, 504)


class RemoteError(SourceError):
    """A remote file that cannot be read.

    ``reason``: without the name of the file. ``of_file``: it is this file that is at fault, so
    that others may be read all the same. ``passing``: another attempt may succeed.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        reason: str = "",
        of_file: bool = False,
        passing: bool = False,
    ) -> None:
        """Keep what others ask for."""
        super().__init__(message, hint=hint)
        self.reason = reason
        self.of_file = of_file
        self.passing = passing


@contextmanager
def explaining(name: str) -> Iterator[None]:
    """Whatever a protocol's library raises becomes a ``RemoteError`` about ``name``.

    Their errors are not chained: they hold whole addresses, which may hold credentials.
    """
    try:
        yield
    except ImbweightsError:
        raise
    except Exception as error:  # noqa: BLE001 - each protocol has errors of its own
        raise explained(error, name) from None


def explained(error: BaseException, name: str) -> RemoteError:
    """What an error means, by the most telling one of its causes."""
    causes = list(_causes(error))
    for tell in (_by_name, _by_status, _by_kind):
        for cause in causes:
            found = tell(cause)
            if found is not None:
                reason, hint, of_file, passing = found
                return RemoteError(
                    f"{name}: {reason}", hint=hint, reason=reason, of_file=of_file, passing=passing
                )
    if isinstance(error, FileNotFoundError):
        reason = "no such file"
        return RemoteError(f"{name}: {reason}", reason=reason, of_file=True)
    text = without_secrets(str(error).split("\n", 1)[0])[:200]
    reason = f"cannot be read ({type(error).__name__}{': ' * bool(text)}{text})"
    return RemoteError(f"{name}: {reason}", reason=reason)


def reason_of(error: SourceError) -> str:
    """Why this one file of many cannot be read. Raises the error again where it is not the file."""
    if isinstance(error, RemoteError) and error.of_file:
        return error.reason
    if isinstance(error, ChangedError):
        return REASON
    raise error


Told = tuple[str, str | None, bool, bool]


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def cut_off(got: int, size: int) -> Told:
    """A file of which only a part came."""
    return (f"was cut off: {got:,} of {size:,} bytes came", None, True, True)


def told(name: str, found: Told) -> RemoteError:
    """The error for what was found."""
    reason, hint, of_file, passing = found
    return RemoteError(
        f"{name}: {reason}", hint=hint, reason=reason, of_file=of_file, passing=passing
    )


_CUT_OFF: Told = (
    "was cut off: the connection ended before the whole file came",
    None,
    True,
    True,
)
_ADDRESS: Told = ("is no valid address", None, False, False)
_KEYS: Told = (
    "no credentials were found",
    (
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE; for a public bucket:\n"
        "export FSSPEC_S3='{\"anon\": true}'"
    ),
    False,
    False,
)
_WHO = (
    "credentials are taken from the environment and configuration of the protocol's library "
    "(docs/remote.md)"
)
_SLOW: Told = (
    "the server does not answer in time",
    "IMBWEIGHTS_TIMEOUT=300 (seconds) waits longer",
    False,
    False,
)
# The classes are told by their names: their libraries need not be there.
_NAMES: dict[str, Told] = {
    **dict.fromkeys(
        ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"), _KEYS
    ),
    **dict.fromkeys(("ClientPayloadError", "IncompleteRead", "ResponseStreamingError"), _CUT_OFF),
    "ServerDisconnectedError": _CUT_OFF,
    **dict.fromkeys(("InvalidURL", "InvalidUrlClientError", "ParamValidationError"), _ADDRESS),
    "FileExpired": ("was replaced while it was read", "run it again", False, False),
    "TooManyRedirects": ("is redirected in a circle", None, True, False),
}


def _by_name(error: BaseException) -> Told | None:
    name = type(error).__name__
    if "Certificate" in name or "SSL" in name:
        return "the server's certificate cannot be verified", None, False, False
    return _NAMES.get(name)


def _by_status(error: BaseException) -> Told | None:
    status = getattr(error, "status", None)
    if not isinstance(status, int):
        return None
    if status in _BUSY:
        return f"the server is in trouble ({status})", "try it again later", False, True
    if status in _DENIED:
        return f"access is denied ({status})", _WHO, True, False
    gone = "no such file" if status in _GONE else "the server answers with status"
    return f"{gone} ({status})" if status in _GONE else f"{gone} {status}", None, True, False


def _by_kind(error: BaseException) -> Told | None:
    return next((found for test, found in _KINDS if test(error)), None)


def _is_slow(error: BaseException) -> bool:
    return isinstance(error, TimeoutError) or "Timeout" in type(error).__name__


def _is_nameless(error: BaseException) -> bool:
    name = type(error).__name__
    return name == "gaierror" or "DNS" in name


def _is_refused(error: BaseException) -> bool:
    refused = getattr(error, "errno", None) == errno.ECONNREFUSED
    return refused or isinstance(error, ConnectionRefusedError)


def _is_unreached(error: BaseException) -> bool:
    name = type(error).__name__
    return "Connect" in name or "Endpoint" in name


def _is_missing(error: BaseException) -> bool:
    """Where there is a cause, it tells more."""
    return isinstance(error, FileNotFoundError) and error.__cause__ is None


_KINDS: tuple[tuple[Callable[[BaseException], bool], Told], ...] = (
    (lambda error: isinstance(error, PermissionError), ("access is denied", _WHO, True, False)),
    (_is_slow, _SLOW),
    (_is_nameless, ("there is no such host", None, False, False)),
    (_is_refused, ("cannot be reached (connection refused)", None, False, False)),
    (
        lambda error: isinstance(error, ConnectionError),
        ("the connection broke", None, False, True),
    ),
    (_is_unreached, ("cannot be reached", None, False, False)),
    (_is_missing, ("no such file", None, True, False)),
    (
        lambda error: isinstance(error, IsADirectoryError),
        ("is a folder, not a file", None, True, False),
    ),
)
