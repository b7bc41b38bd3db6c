"""The worker's sign of life, given by its main loop."""

import time
from typing import Any

from celery import bootsteps
from celery.signals import task_postrun, task_received
from celery.worker import state
from celery.worker.consumer import Consumer

from statement_tracker import pulse

PERIOD = 5
QUIET_SECONDS = 60  # beat rings every 15 seconds; a worker that hears nothing for a minute has lost its broker
STUCK_SECONDS = 1500  # no task may take longer


class Pulse(bootsteps.StartStopStep):
    """Beats while the main loop turns and the worker either hears rings or is busy with tasks that still end.

    Not a task that proves life by running: when every thread waits for a slow mail server the worker is well, and
    killing it would send mails twice.
    """

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Consumer, **options: Any) -> None:
        super().__init__(consumer, **options)
        self.timer = None
        self.heard_at = self.ended_at = time.monotonic()
        task_received.connect(self.hear)
        task_postrun.connect(self.end)

    def start(self, consumer: Consumer) -> None:
        pulse.beat("worker")
        self.timer = consumer.timer.call_repeatedly(PERIOD, consumer.call_soon, (self.check,))

    def stop(self, consumer: Consumer) -> None:
        if self.timer:
            self.timer.cancel()
            self.timer = None

    def hear(self, **signal: Any) -> None:
        self.heard_at = time.monotonic()

    def end(self, **signal: Any) -> None:
        self.ended_at = time.monotonic()

    def check(self) -> None:
        now = time.monotonic()
        busy = bool(state.active_requests or state.reserved_requests)
        if now - self.heard_at < QUIET_SECONDS or (busy and now - self.ended_at < STUCK_SECONDS):
            pulse.beat("worker")
