"""The filters of the reminders' ledger."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from commitments.models import MailState, OutgoingMail, User
from commitments.models.outbox import DEAD_STATES, OPEN_STATES

SENT, FAILED, WAITING = "sent", "failed", "waiting"
STATES = {
    SENT: [MailState.SENT],
    FAILED: DEAD_STATES,
    WAITING: [*OPEN_STATES, MailState.SENDING],
}


class MailFilter(django_filters.FilterSet):
    """Reads the address: what became of the mail, and to whom it went."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[(SENT, _("Sent")), (FAILED, _("Failed or held")), (WAITING, _("Waiting"))],
        empty_label=_("Any state"),
        method="by_state",
    )
    person = django_filters.ModelChoiceFilter(
        label=_("Person"), field_name="recipient", queryset=User.objects.none(), empty_label=_("Anybody")
    )

    class Meta:
        model = OutgoingMail
        fields: list[str] = []

    def __init__(self, *args: object, viewer: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(pk__in=OutgoingMail.objects.visible_to(viewer).values("recipient"))
        self.filters["person"].queryset = people.order_by("name")

    def by_state(self, rows: QuerySet[OutgoingMail], name: str, state: str) -> QuerySet[OutgoingMail]:
        return rows.filter(state__in=STATES[state]) if state else rows
