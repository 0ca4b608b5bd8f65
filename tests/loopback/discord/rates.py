"""Rate limits: a bucket per route and channel, server or interaction, and a global one."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

from tests.loopback.discord.model import Settings
from tests.loopback.discord.refusals import Refused
from tests.loopback.discord.routing import Route

TOP_LEVEL = ("channel", "guild", "app", "token")
GLOBAL = (50, 1.0)
PROXY = {"Via": "1.1 google"}  # what a client tells Discord's own refusals by


@dataclass
class Bucket:
    """Calls within a window that begins with the first of them."""

    limit: int
    window_s: float
    begun: float = 0.0
    used: int = 0

    def takes(self) -> bool:
        """Counts one more call, if it may be made."""
        if time.time() >= self.begun + self.window_s:
            self.begun, self.used = time.time(), 0
        self.used += 1
        return self.used <= self.limit

    @property
    def left_s(self) -> float:
        """Until the window ends."""
        return max(0.0, self.begun + self.window_s - time.time())


class Rates:
    """All buckets."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._buckets: dict[str, Bucket] = {}
        self._all = Bucket(*GLOBAL)

    def take(self, route: Route, ids: Mapping[str, str]) -> dict[str, str]:
        """Counts a call; the headers that tell of its bucket.  Refuses one too many."""
        name = hashlib.sha256(f"{route.method} {route.template}".encode()).hexdigest()[:16]
        key = ":".join([name, *(ids.get(part, "") for part in TOP_LEVEL)])
        bucket = self._buckets.setdefault(key, Bucket(*route.limit))
        own = bucket.takes() or not self._settings.rate_limits
        headers = PROXY | _told(bucket, name)
        if not own:
            raise too_many(bucket.left_s, "user", headers)
        if route.by_token and self._settings.rate_limits and not self._all.takes():
            raise too_many(self._all.left_s, "global", headers)
        return headers if self._settings.rate_limits else PROXY


def too_many(
    seconds: float, scope: str, headers: Mapping[str, str] | None = None, *, blameless: bool = False
) -> Refused:
    """429, with the body and the headers that clients read."""
    is_global = scope == "global"
    told = {**PROXY, **(headers or {}), "X-RateLimit-Scope": scope}
    told["Retry-After"] = str(math.ceil(seconds))
    if is_global:
        told["X-RateLimit-Global"] = "true"
    refused = Refused(429, 0, "You are being rate limited.", headers=told, blameless=blameless)
    refused.body = {"message": str(refused), "retry_after": round(seconds, 3), "global": is_global}
    return refused


def _told(bucket: Bucket, name: str) -> dict[str, str]:
    return {
        "X-RateLimit-Bucket": name,
        "X-RateLimit-Limit": str(bucket.limit),
        "X-RateLimit-Remaining": str(max(0, bucket.limit - bucket.used)),
        "X-RateLimit-Reset": f"{time.time() + bucket.left_s:.3f}",
        "X-RateLimit-Reset-After": f"{bucket.left_s:.3f}",
    }
