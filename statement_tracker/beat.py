"""The clock of the periodic tasks: it keeps nothing on disk, since every tick is safe to lose and safe to double."""

from typing import Any

from celery.beat import ScheduleEntry, Scheduler

from statement_tracker import pulse


class TickScheduler(Scheduler):
    """Rings every entry at once when it starts, then at its period.

    Work that fell due while beat was dead is so done seconds after it is back. A ring that reached the broker is the
    sign of life: a beat that lives but cannot ring is started again like one that died.
    """

    def setup_schedule(self) -> None:
        self.merge_inplace(self.app.conf.beat_schedule)
        long_ago = self.app.now().replace(year=2000)
        for entry in self.schedule.values():
            entry.last_run_at = long_ago

    def apply_async(self, entry: ScheduleEntry, *args: Any, **options: Any) -> Any:
        result = super().apply_async(entry, *args, **options)
        pulse.beat("beat")
        return result
