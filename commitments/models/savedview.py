"""Saved views: filters of the list under a name of their own, for one person, a body or a side."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.models.party import Party
from commitments.models.person import User

MOST_VIEWS = 12  # that one person keeps


class Audience(models.TextChoices):
    SELF = "self", _("Only me")
    BODY = "body", _("My ministry or agency")
    PARTY = "party", _("Everybody of my side")


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> Self:
        """One's own, those shared within the body, and those of the whole side; never another side's."""
        return self.none() if user.party_id is None else self.seen_by(user.pk, body=user.body_id, party=user.party_id)

    def seen_by(self, person: Any, *, body: Any, party: Any) -> Self:
        """The same by keys, or by places in an outer query."""
        shared = Q(audience=Audience.PARTY) | Q(audience=Audience.BODY, owner__body=body)
        return self.filter(Q(owner=person) | shared, party=party)


class SavedView(models.Model):
    """The address of the list after "?", kept under a slug that is unique within the side.

    `party` is the owner's when it was saved: who changes sides takes no view along.
    """

    owner = models.ForeignKey(User, models.CASCADE, related_name="saved_views", verbose_name=_("owner"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="saved_views", verbose_name=_("party"))
    slug = models.SlugField(_("slug"), max_length=60)
    name = models.CharField(_("name"), max_length=50)
    query = models.CharField(_("filters"), max_length=1000, blank=True)
    audience = models.CharField(_("who sees it"), max_length=5, choices=Audience, default=Audience.SELF)
    version = models.PositiveIntegerField(default=0)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["party", "slug"], name="saved_view_slug_once_a_side"),
            models.CheckConstraint(condition=Q(audience__in=list(Audience)), name="saved_view_audience_known"),
        ]

    def __str__(self) -> str:
        return self.name
