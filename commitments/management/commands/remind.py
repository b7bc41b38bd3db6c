"""`manage.py remind`: plan what is due and send it, as the periodic tasks do; or only show what a day would bring."""

from argparse import ArgumentParser
from collections import Counter
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from commitments.actions.planning import ClockJumpedError, Planned, plan_reminders
from commitments.actions.restoring import hold_after_restore, release_after_restore
from commitments.actions.sending import send_due_mails
from commitments.models import MailState, OutgoingMail


class Command(BaseCommand):
    help = "Plan the reminders that are due, today or on a day, and send them; twice sends nothing twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", metavar="DATE", type=day, help="as if it were this day, 2026-12-31 (today)")
        parser.add_argument(
            "--dry-run", action="store_true", help="show who would be told what; write and send nothing"
        )
        parser.add_argument("--force", action="store_true", help="go on although the clock has jumped")
        parser.add_argument(
            "--after-restore",
            action="store_true",
            help="before the start after a restore: hold what may have been sent since the backup; send nothing",
        )
        parser.add_argument(
            "--release-restored", action="store_true", help="send all that is held after a restore after all"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["after_restore"]:
            self.hold()
            return
        if options["release_restored"]:
            self.stdout.write(f"{release_after_restore(timezone.now())} held mails released.")
        try:
            with transaction.atomic():
                planned = plan_reminders(timezone.now(), on=options["on"], force=options["force"])
                if planned is None:
                    raise CommandError("Another planning is under way; try again in a minute.")
                self.show(planned)
                if options["dry_run"]:
                    self.show_mails()
                    transaction.set_rollback(True)
        except ClockJumpedError as error:
            raise CommandError(f"{error} Check the clock, then use --force.") from None
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was written, nothing was sent.")
            return
        self.show_sent(send_due_mails(timezone.now))

    def hold(self) -> None:
        try:
            held = hold_after_restore(timezone.now())
        except ValidationError as refusal:
            raise CommandError(refusal.messages[0]) from None
        self.stdout.write(f"{held} mails are held: they may have been sent already. Nothing was sent.")

    def show(self, planned: Planned) -> None:
        self.stdout.write(f"{planned.reminders} reminders planned, {planned.mails} new mails.")
        for reason, count in sorted(planned.dropped.items()):
            self.stdout.write(f"{count} dropped: {reason}.")

    def show_mails(self) -> None:
        """Each waiting mail: to whom, and which commitments for which reason."""
        mails = OutgoingMail.objects.filter(state__in=[MailState.PENDING, MailState.RETRY], resend_of=None)
        for mail in mails.select_related("recipient").order_by("day", "recipient__email"):
            self.stdout.write(f"\n{mail.recipient.email}, {mail.day}")
            rows = mail.reminders.select_related("assignment__commitment", "milestone")
            rows = rows.order_by("kind", "assignment__commitment")
            for row in rows:
                about = f"{row.assignment.commitment}" if row.assignment else ""
                about = f"{about}, {row.milestone}" if row.milestone else about
                self.stdout.write(f"  {row.get_kind_display()} ({row.anchor_on}): {about}".rstrip(": "))
        self.stdout.write("")

    def show_sent(self, done: Counter[str]) -> None:
        waiting = OutgoingMail.objects.filter(state__in=[MailState.PENDING, MailState.RETRY]).count()
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(done.items())) or "none to send"
        self.stdout.write(f"Mails: {outcomes}." + (f" {waiting} still wait." if waiting else ""))


def day(text: str) -> date:
    return date.fromisoformat(text)
