"""Prometheus metrics: jobs, the queue, durations, and failures by code."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.core.admission import Admission
from bot.core.drain import Drain
from bot.types import Listening

_BUCKETS_S = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60)


class Metrics:
    """The metrics of one service, in their own registry."""

    def __init__(self, admission: Admission, workers: Listening, drain: Drain) -> None:
        self._registry = CollectorRegistry()
        self._jobs = self._counter("jobs", "Sounds that had their turn", "kind")
        self._failures = self._counter("failures", "Refusals and failures", "code")
        self._kills = self._counter("clip_kills", "Workers lost over a clip", "code")
        self._votes = self._counter("votes", "Votes cast", "value")
        self._hits = self._counter("cache_hits", "Sounds answered without a worker")
        self._seconds = Histogram(
            "soundmap_job_seconds",
            "From its turn to its answer",
            ["kind"],
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self._gauge("running", "Jobs that have a slot").set_function(lambda: admission.running)
        self._gauge("waiting", "People in line").set_function(lambda: admission.waiting)
        open_now = self._gauge("conversations", "Conversations that are open")
        open_now.set_function(lambda: drain.conversations)
        self._gauge("workers", "Workers alive").set_function(lambda: workers.alive)
        self._gauge("workers_replaced", "Workers replaced").set_function(lambda: workers.replaced)

    @contextmanager
    def job(self, kind: str) -> Iterator[None]:
        """Counts and times a job."""
        self._jobs.labels(kind).inc()
        started = time.monotonic()
        try:
            yield
        finally:
            self._seconds.labels(kind).observe(time.monotonic() - started)

    def refused(self, code: str) -> None:
        """Counts a refusal or failure."""
        self._failures.labels(code).inc()

    def killed(self, code: str) -> None:
        """Counts a worker killed or lost because of a clip."""
        self._kills.labels(code).inc()

    def voted(self, value: int) -> None:
        """Counts a vote."""
        self._votes.labels("like" if value > 0 else "reject").inc()

    def cached(self) -> None:
        """Counts a sound answered without a worker."""
        self._hits.inc()

    def text(self) -> bytes:
        """All metrics in the Prometheus text format."""
        return generate_latest(self._registry)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"soundmap_{name}", about, labels, registry=self._registry)

    def _gauge(self, name: str, about: str) -> Gauge:
        return Gauge(f"soundmap_{name}", about, registry=self._registry)
