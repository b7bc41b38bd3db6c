"""What a run of the bench found."""

from dataclasses import dataclass, field

from bench.measure import Times


@dataclass
class Measured:
    """One page at one size; seconds of every round, the tracker's and the floor's."""

    name: str
    tracker: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    queries: int = 0
    bytes: int = 0
    rows: int = 0
    tracker_a_second: float = 0
    floor_a_second: float = 0

    @property
    def times(self) -> Times:
        return Times(self.tracker)

    @property
    def floor_times(self) -> Times:
        return Times(self.floor)

    @property
    def ratio(self) -> float:
        return self.times.ratio(self.floor_times)


@dataclass
class Saved:
    """What so many officers saved: notes, the times of every request, how often somebody else was quicker."""

    name: str
    officers: int
    notes: int
    conflicts: int
    p50: float
    p95: float
    seconds: float


@dataclass
class SizeMeasured:
    """Everything at one size; memory in MB, `seconds_to_make` where the rows were made in this run."""

    size: int
    pages: list[Measured]
    web_memory: float = 0
    all_memory: float = 0
    floor_memory: float = 0
    seconds_to_make: float | None = None
    saved: list[Saved] = field(default_factory=list)
