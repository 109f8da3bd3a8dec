"""Where Beleg is ahead of the others in the race, where level and where behind, by figures of one run alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean, median
from typing import Any, NamedTuple

from bench.peers.contestants import BELEG, Contestant
from bench.peers.measures import gain
from bench.peers.race import Course

INDEX_TIMES, COLD_SHARE = 1.5, 0.4  # what is aimed at
RANKED = ("R@1", "nDCG@10")


class Lap(NamedTuple):
    """A contestant with what it has shown."""

    one: Contestant
    course: Course


def verdicts(laps: Sequence[Lap]) -> dict[str, Any]:
    """Ratios are the median over the rounds, each compared with the same round; the fastest peer has the least median.

    Peers are those that used Beleg's encoder. Without one, or where Beleg itself failed, there is nothing to say.
    """
    ours = {lap.one.key: lap.course for lap in laps if lap.one.system.key == BELEG and not lap.course.left_out}
    peers = [lap for lap in laps if lap.one.system.key != BELEG and not lap.course.left_out]
    if len(ours) < 2 or not peers:  # noqa: PLR2004 - its two ways
        return {}
    answering, searching = ours[BELEG], ours[f"{BELEG}-search"]
    return {
        "index": _against(answering.index_s, peers, "index_s", INDEX_TIMES),
        "query": _against(searching.p50_ms, peers, "p50_ms", 1.0),
        "query at equal recall": _at_equal_recall(searching, peers),
        "cold ask": _share(answering.cold_s, peers),
        "quality": {name: _quality(course, peers) for name, course in (("search", searching), ("ask", answering))},
    }


def word(interval: Mapping[str, float]) -> str:
    """What a paired difference says: one that may be none is level."""
    if interval["low"] > 0:
        return "ahead"
    return "behind" if interval["high"] < 0 else "level"


def recall(course: Course) -> float:
    """Mean R@1 of all parts, each of which counts the same."""
    return fmean(fmean(of["R@1"].values()) for of in course.values.values())


def _against(ours: Sequence[float], peers: Sequence[Lap], name: str, aim: float) -> dict[str, Any]:
    fastest = min(peers, key=lambda lap: median(getattr(lap.course, name)))
    times = median(theirs / own for own, theirs in zip(ours, getattr(fastest.course, name), strict=True))
    return {"fastest": fastest.one.key, "times": round(times, 3), "aim": aim, "met": times >= aim}


def _at_equal_recall(ours: Course, peers: Sequence[Lap]) -> dict[str, Any]:
    """Against the fastest of those that find the right document first as often, or else against nobody."""
    equal = [lap for lap in peers if recall(lap.course) >= recall(ours)]
    found = _against(ours.p50_ms, equal, "p50_ms", 1.0) if equal else {"fastest": None, "times": None, "met": True}
    return {**found, "recall": round(recall(ours), 4), "best_peer": round(max(recall(lap.course) for lap in peers), 4)}


def _share(ours: Sequence[float], peers: Sequence[Lap]) -> dict[str, Any]:
    found = _against(ours, peers, "cold_s", 1 / COLD_SHARE)
    share = 1 / found["times"]
    return {"fastest": found["fastest"], "share": round(share, 3), "aim": COLD_SHARE, "met": share < COLD_SHARE}


def _quality(ours: Course, peers: Sequence[Lap]) -> dict[str, Any]:
    """Against the best peer at each measure of each part."""
    return {part: {name: _gain(ours, peers, part, name) for name in RANKED} for part in ours.values}


def _gain(ours: Course, peers: Sequence[Lap], part: str, name: str) -> dict[str, Any]:
    best = max(peers, key=lambda lap: fmean(lap.course.values[part][name].values()))
    found = gain(ours.values[part][name], best.course.values[part][name])
    return {"best": best.one.key, "gain": found, "word": word(found)}
