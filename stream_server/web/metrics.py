"""What this process counts, in Prometheus' text form. One registry per application, none global."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_LATENCY_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The counters of the web process, and the media plane's figures beside them."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        self.requests = Counter(
            "vitrine_http_requests_total", "HTTP requests.", ["route", "method", "status"], registry=registry
        )
        self.request_seconds = Histogram(
            "vitrine_http_request_seconds", "Time to answer.", ["route"], buckets=_LATENCY_BUCKETS, registry=registry
        )
        self.live_clients = Gauge("vitrine_live_clients", "Open WebSocket connections.", registry=registry)
        self.live_sent = Gauge("vitrine_live_sent_messages", "Messages written to clients.", registry=registry)
        self.live_heard = Counter("vitrine_live_heard_total", "Messages from clients.", registry=registry)
        self.live_dropped = Counter(
            "vitrine_live_dropped_total", "Connections dropped because the client read too slowly.", registry=registry
        )
        self.media_events = Counter(
            "vitrine_media_events_total", "Events of the media plane.", ["type"], registry=registry
        )
        self.orders = Counter("vitrine_orders_total", "Orders placed through this process.", registry=registry)
        self._media: dict[str, Gauge] = {}

    def set_media(self, figures: Mapping[str, float]) -> None:
        """Take over the media process' figures, as gauges ``vitrine_media_*``."""
        for name, value in figures.items():
            gauge = self._media.get(name)
            if gauge is None:
                gauge = Gauge(f"vitrine_media_{name}", f"Media plane: {name}.", registry=self._registry)
                self._media[name] = gauge
            gauge.set(value)

    def text(self) -> bytes:
        """The exposition, for ``text/plain; version=0.0.4``."""
        return generate_latest(self._registry)
