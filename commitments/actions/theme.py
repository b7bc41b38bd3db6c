"""What a commitment is about: its themes, proposed at publication and set by coordinators."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.history import Fact, record_change
from commitments.models.commitment import Commitment
from commitments.models.history import Act
from commitments.models.permission import may_set_themes
from commitments.models.person import User
from commitments.models.theme import CommitmentTheme, Theme


@transaction.atomic
def set_themes(
    commitment: Commitment, themes: Collection[Theme], *, seen: Collection[str], by: User, at: datetime
) -> None:
    """Set the themes, for every side; `seen` are the codes as the person saw them. Code of refusal: conflict."""
    row = Commitment.objects.select_for_update(of=["self"]).select_related("statement").get(pk=commitment.pk)
    if not may_set_themes(by, row):
        raise PermissionDenied
    held = set(row.themes.values_list("code", flat=True))
    if held != set(seen):
        raise ValidationError(_("Somebody has changed this since you opened it."), code="conflict")
    chosen = {theme.code: theme for theme in themes}
    if held == set(chosen):
        return
    CommitmentTheme.objects.filter(commitment=row).exclude(theme__code__in=chosen).delete()
    CommitmentTheme.objects.bulk_create(
        CommitmentTheme(commitment=row, theme=theme) for code, theme in chosen.items() if code not in held
    )
    before, after = {"themes": sorted(held)}, {"themes": sorted(chosen)}
    fact = Fact(Act.THEMES_SET, before, after, statement=row.statement, commitment=row, party=by.body.party)
    record_change(fact, by=by, at=at)
