"""How often a client may ask: a bucket of permits for each, that fills again evenly."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

_MOST_CLIENTS = 10_000  # remembered at once; of more, those that were quiet longest start anew
_MINUTE = 60.0


class Limiter:
    """At most `per_minute` permits at once and in each minute for every client; with 0 there is no limit."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # permits left, when that was

    def take(self, client: str) -> int:
        """Take a permit: 0, or the whole seconds until there will be one."""
        left = self._left(client)
        if left < 1:
            return math.ceil((1 - left) * _MINUTE / self.per_minute)
        self._put(client, left - 1)
        return 0

    def give_back(self, client: str) -> None:
        """Return a permit that was not used after all."""
        self._put(client, min(self._left(client) + 1, self.per_minute))

    def _left(self, client: str) -> float:
        if not self.per_minute:
            return math.inf
        left, when = self._buckets.get(client, (self.per_minute, 0.0))
        return min(self.per_minute, left + (self._clock() - when) * self.per_minute / _MINUTE)

    def _put(self, client: str, left: float) -> None:
        if self.per_minute:
            self._buckets[client] = (left, self._clock())
            self._buckets.move_to_end(client)
            if len(self._buckets) > _MOST_CLIENTS:
                self._buckets.popitem(last=False)
