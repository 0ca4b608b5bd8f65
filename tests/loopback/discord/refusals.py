"""Discord's refusals, with their status, code and message."""

from __future__ import annotations

from collections.abc import Collection, Sized

from tests.loopback.discord.model import Json


class Refused(Exception):
    """An answer of 400 or more; ``blameless`` if the bot could not have known."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        *,
        errors: Json | None = None,
        headers: dict[str, str] | None = None,
        blameless: bool = False,
    ) -> None:
        super().__init__(message)
        self.status, self.headers, self.blameless = status, headers or {}, blameless
        self.body: Json = {"message": message, "code": code}
        if errors:
            self.body["errors"] = errors


class Impossible(Exception):
    """The test asked for something that is impossible in a Discord client."""


def bad_form(path: str, code: str, message: str, *, blameless: bool = False) -> Refused:
    """50035, with the place of the mistake as a tree."""
    tree: Json = {"_errors": [{"code": code, "message": message}]}
    for key in reversed(path.split(".")):
        tree = {key: tree}
    return Refused(400, 50035, "Invalid Form Body", errors=tree, blameless=blameless)


def check_length(path: str, value: Sized | None, most: int, least: int = 0) -> None:
    """Refuses a text or a list that is too long or too short; None counts as empty."""
    n = len(value) if value is not None else 0
    if least <= n <= most:
        return
    if least:
        said = f"Must be between {least} and {most} in length."
        raise bad_form(path, "BASE_TYPE_BAD_LENGTH", said)
    raise bad_form(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")


def check_present(path: str, value: object) -> None:
    """Refuses a missing value."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise bad_form(path, "BASE_TYPE_REQUIRED", "This field is required")


def check_choice(path: str, value: object, allowed: Collection[object]) -> None:
    """Refuses a value that is not one of the choices."""
    if value not in allowed:
        raise bad_form(path, "BASE_TYPE_CHOICES", f"Value must be one of {tuple(allowed)}.")


def check_url(path: str, url: object, *schemes: str) -> None:
    """Refuses a URL with another scheme; a missing URL is fine."""
    if url and str(url).partition("://")[0] not in schemes:
        said = f"Scheme is not supported. It must be one of {schemes}."
        raise bad_form(path, "URL_TYPE_INVALID_SCHEME", said)


def unknown(what: str, code: int, *, blameless: bool = False) -> Refused:
    """404 for what does not exist."""
    return Refused(404, code, f"Unknown {what}", blameless=blameless)


def missing_access() -> Refused:
    """For a channel that the bot cannot see."""
    return Refused(403, 50001, "Missing Access")


def missing_permissions(*, blameless: bool = False) -> Refused:
    """For an action that the bot has no permission for."""
    return Refused(403, 50013, "Missing Permissions", blameless=blameless)
