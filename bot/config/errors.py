"""Errors of the settings, which are about all that is wrong."""

from __future__ import annotations


class BadSettings(Exception):
    """Everything wrong with the settings, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class NoToken(BadSettings):
    """There is no token that could be used, or no file to read one from."""
