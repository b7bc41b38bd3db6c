"""Who may do what about meetings; as `permission.py` for everything else."""

from commitments.domain.codes import Role
from commitments.models.commitment import Commitment
from commitments.models.meeting import Meeting, Point
from commitments.models.permission import may_record_progress
from commitments.models.person import User
from commitments.models.statement import Statement


def may_plan_meeting(user: User, statement: Statement) -> bool:
    """Coordinators of the parties of the statement."""
    return user.has_rank(Role.COORDINATOR) and Statement.objects.visible_to(user).filter(pk=statement.pk).exists()


def may_run_meeting(user: User, meeting: Meeting) -> bool:
    """Coordinators of the side that prepares it, and of every side once it is shared."""
    if not may_plan_meeting(user, meeting.statement):
        return False
    return meeting.is_shared or meeting.party_id == user.party_id


def may_raise_points(user: User, commitment: Commitment) -> bool:
    """Those who may record progress on their own side's part."""
    return any(
        part.party_id == user.party_id and may_record_progress(user, part) for part in commitment.assignments.all()
    )


def may_flag(user: User, commitment: Commitment) -> bool:
    return may_raise_points(user, commitment)


def may_settle_point(user: User, point: Point) -> bool:
    """Share or withdraw it: who wrote it, and the own side's coordinators."""
    if user.party_id is None or user.party_id != point.party_id:
        return False
    return user.is_active and (point.by_id == user.pk or user.has_rank(Role.COORDINATOR))
