"""What there is about a commitment at all: one query, so that its page asks only for what it has."""

from django.db.models import BigAutoField, Exists, OuterRef, Q, QuerySet

from commitments.domain.codes import Visibility
from commitments.models import (
    AgendaItem,
    Assignment,
    Commitment,
    CommitmentTheme,
    Confirmation,
    DateChange,
    Evidence,
    Flag,
    Indicator,
    Milestone,
    ProgressNote,
    Snooze,
    Support,
    UpdateRequest,
    User,
)
from commitments.models.prepared import Given, prepared


def traces_of(commitment: int, user: User) -> Commitment:
    """The commitment by its key alone, with `has_…` for each kind of row about it, whoever may see them; of flags and
    snoozes only the own side's and the person's.
    """
    return _traces(commitment=commitment, person=user.pk, party=user.party_id)[0]


@prepared(Commitment, commitment=BigAutoField, person=BigAutoField, party=BigAutoField)
def _traces(commitment: Given, person: Given, party: Given) -> QuerySet[Commitment]:
    here, part = {"commitment": OuterRef("pk")}, {"assignment__commitment": OuterRef("pk")}
    return (
        Commitment.objects.filter(pk=commitment)
        .only("pk")
        .order_by()
        .annotate(
            has_agenda=Exists(AgendaItem.objects.filter(**here)),
            has_confirmations=Exists(Confirmation.objects.filter(**here)),
            has_dates=Exists(DateChange.objects.filter(**here)),
            has_flag=Exists(Flag.objects.filter(party=party, **here)),
            has_indicators=Exists(Indicator.objects.filter(**here)),
            has_later=Exists(Commitment.objects.filter(continues=OuterRef("pk"))),
            has_milestones=Exists(Milestone.objects.filter(**part)),
            has_requests=Exists(UpdateRequest.objects.filter(**part)),
            has_snooze=Exists(Snooze.objects.filter(person=person, **part)),
            has_support=Exists(Support.objects.filter(**part)),
            has_themes=Exists(CommitmentTheme.objects.filter(**here)),
        )
    )


@prepared(Assignment, commitment=BigAutoField, party=BigAutoField)
def grounds_of(commitment: Given, party: Given) -> QuerySet[Assignment]:
    """The parts by their keys alone: whether each has notes that hold (`has_notes`), and papers on them
    (`has_documents`), that the party may see.
    """
    seen = Q(visibility=Visibility.BOTH) | Q(assignment__party=party)
    notes = ProgressNote.objects.standing().order_by().filter(seen, assignment=OuterRef("pk"), is_nothing_new=False)
    papers = Evidence.objects.order_by().filter(
        Q(note__visibility=Visibility.BOTH) | Q(note__assignment__party=party),
        note__assignment=OuterRef("pk"),
        note__is_nothing_new=False,
        note__takes_back=None,
        note__taken_back_by=None,
    )
    return (
        Assignment.objects.filter(commitment=commitment)
        .only("pk")
        .order_by()
        .annotate(has_notes=Exists(notes), has_documents=Exists(papers))
    )


@prepared(Commitment, statement=BigAutoField, position=BigAutoField)
def beside(statement: Given, position: Given) -> QuerySet[Commitment]:
    """The one before this position and the one after it, as far as there are such."""
    rows = Commitment.objects.filter(statement=statement)
    before, after = rows.filter(position__lt=position), rows.filter(position__gt=position)
    return (
        rows.filter(
            Q(pk__in=before.order_by("-position").values("pk")[:1])
            | Q(pk__in=after.order_by("position").values("pk")[:1])
        )
        .only("ref", "title", "position")
        .order_by("position")
    )
