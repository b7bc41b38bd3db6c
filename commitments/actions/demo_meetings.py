"""The meetings of the sample data: one that is closed and frozen, one to come; written through the actions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from commitments.actions import agenda, meeting
from commitments.domain.codes import Precision
from commitments.models.commitment import Commitment
from commitments.models.meeting import AgendaItem, Meeting
from commitments.models.party import Party
from commitments.models.person import User

People = dict[str, User]
AFTER = timedelta(hours=1)  # between the steps of a day


@dataclass(frozen=True, slots=True)
class SampleMeeting:
    """A meeting of the sample as its row tells it, at moments worked out from the day of the telling."""

    row: dict[str, Any]
    people: People
    commitments: dict[str, Commitment]
    planned_at: datetime
    held_at: datetime | None

    @property
    def by(self) -> User:
        return self.people[self.row["by"]]

    def plan(self) -> Meeting:
        """Plan it, with agenda, criteria and points, and share it with the other side."""
        statement = self.commitments[self.row["items"][0]["ref"]].statement
        facts = meeting.MeetingFacts(self.row["joint_body"], self.row["name"], *self._date(), place=self.row["place"])
        planned = meeting.plan_meeting(statement, facts, by=self.by, at=self.planned_at)
        listed = [self.commitments[item["ref"]] for item in self.row["items"]]
        agenda.add_to_agenda(planned, listed, by=self.by, at=self.planned_at)
        for told, item in self._items(planned):
            if "criterion" in told:
                text = told["criterion"]
                agenda.set_criterion(item, text, version=item.version, by=self.by, at=self.planned_at + AFTER)
        meeting.share_meeting(planned, by=self.by, at=self.planned_at + AFTER)
        for told, item in self._items(planned):
            for point in told.get("points", ()):
                self._raise(item, point)
        return planned

    def hold(self, planned: Meeting) -> None:
        """Score each item by its criterion, record what was decided, and close it with every side's word."""
        begun, at = self.held_at, self.held_at + AFTER
        meeting.begin_meeting(planned, by=self.by, at=begun)
        for told, item in self._items(planned):
            for code, value in told["scores"].items():
                agenda.score(item, Party.objects.get(code=code), value, by=self.by, at=at)
            if "decision" in told:
                agenda.decide(planned, told["decision"], item=item, by=self.by, at=at)
            agenda.set_carried_over(item, told["carries_over"], by=self.by, at=at)
        for words in self.row["decisions"]:
            agenda.decide(planned, words, by=self.by, at=at)
        for email in self.row["agreed_by"]:
            meeting.agree_to_close(planned, by=self.people[email], at=at + AFTER)

    def _date(self) -> tuple[date, Precision]:
        if self.held_at:
            return self.held_at.date(), Precision.DAY
        return date.fromisoformat(self.row["day"]), Precision(self.row["precision"])

    def _items(self, planned: Meeting) -> list[tuple[dict[str, Any], AgendaItem]]:
        items = {item.commitment.ref: item for item in planned.items.standing().select_related("commitment")}
        return [(told, items[told["ref"]]) for told in self.row["items"]]

    def _raise(self, item: AgendaItem, told: dict[str, Any]) -> None:
        by, at = self.people[told["by"]], self.planned_at + 2 * AFTER
        point = agenda.add_point(item, told["text"], by=by, at=at)
        if told["shared"]:
            agenda.share_point(point, by=by, at=at + AFTER)
