"""Who may do what: one function for each action, asked by the actions, pages, API and admin alike."""

from django.conf import settings

from commitments.domain.codes import Role, Status
from commitments.domain.status import NEEDS_COORDINATOR
from commitments.models.commitment import Assignment, Commitment
from commitments.models.datechange import DateChange, DateChangeState
from commitments.models.draft import DraftAgreement, StatementDraft
from commitments.models.party import Party
from commitments.models.person import User
from commitments.models.progress import ProgressNote
from commitments.models.savedview import Audience, SavedView
from commitments.models.update_request import UpdateRequest

ADMINISTRATOR = "administrator"  # beside the roles, in the setting that asks for a second factor


def may_record_progress(user: User, assignment: Assignment) -> bool:
    """Officers for assignments that their body leads or that name them; coordinators for all of their party.

    Where one government alone uses the installation, its coordinator records what the other sides report.
    """
    if user.party_id is None:
        return False
    if user.party_id != assignment.party_id:
        return (
            may_report_for_others(user)
            and user.body.party.statements.filter(commitments=assignment.commitment).exists()
        )
    if user.has_rank(Role.COORDINATOR):
        return True
    return user.has_rank(Role.OFFICER) and (assignment.lead_id == user.body_id or assignment.officer_id == user.pk)


def may_report_for_others(user: User) -> bool:
    """A coordinator, where the installation is of one government alone and no other has anybody in it."""
    if not settings.SINGLE_PARTY or not user.has_rank(Role.COORDINATOR):
        return False
    others = User.objects.active().filter(body__isnull=False)
    return not others.exclude(body__party=user.party_id).exists()


def may_set_status(user: User, assignment: Assignment, status: Status) -> bool:
    """As for progress; giving a commitment up is the coordinator's to say."""
    if not may_record_progress(user, assignment):
        return False
    return status not in NEEDS_COORDINATOR or user.has_rank(Role.COORDINATOR)


def may_correct(user: User, note: ProgressNote) -> bool:
    """Who wrote the note, and the side's coordinators; a "nothing new" says nothing that could be wrong."""
    if note.is_nothing_new or note.takes_back_id or hasattr(note, "taken_back_by"):
        return False
    if not may_record_progress(user, note.assignment):
        return False
    return note.by_id == user.pk or user.has_rank(Role.COORDINATOR)


def may_take_back(user: User, note: ProgressNote) -> bool:
    """Who wrote it, as long as that person may still write there."""
    return note.takes_back_id is None and note.by_id == user.pk and may_record_progress(user, note.assignment)


def may_give_confidence(user: User, assignment: Assignment) -> bool:
    return is_managers_own(user, assignment)


def may_name_officer(user: User, assignment: Assignment) -> bool:
    return is_managers_own(user, assignment)


def may_ask_for_update(user: User, assignment: Assignment) -> bool:
    return is_managers_own(user, assignment)


def may_withdraw_request(user: User, request: UpdateRequest) -> bool:
    """Who asked, while it is still theirs to ask, and the own side's coordinators."""
    if not may_ask_for_update(user, request.assignment):
        return False
    return request.by_id == user.pk or user.has_rank(Role.COORDINATOR)


def is_managers_own(user: User, assignment: Assignment) -> bool:
    """The lead body's managers and the own side's coordinators."""
    own = user.party_id == assignment.party_id
    return own and user.has_rank(Role.MANAGER) and may_record_progress(user, assignment)


def may_set_lead(user: User, assignment: Assignment) -> bool:
    """Lead and supporting bodies and the cadence are the coordinator's, for the own party."""
    return user.has_rank(Role.COORDINATOR) and user.party_id == assignment.party_id


def may_waive_evidence(user: User, assignment: Assignment) -> bool:
    return user.has_rank(Role.COORDINATOR) and user.party_id == assignment.party_id


def may_add_measurement(user: User, commitment: Commitment) -> bool:
    """Those who may record progress on one of the commitment's assignments."""
    return any(may_record_progress(user, assignment) for assignment in commitment.assignments.all())


def may_add_indicator(user: User, commitment: Commitment) -> bool:
    """A coordinator of a side that has a part in it: what is measured is for every side to see, and stands."""
    return user.has_rank(Role.COORDINATOR) and is_bound(user, commitment)


def may_manage_people(user: User) -> bool:
    """Coordinators, for the people and invitations of their own party."""
    return user.party_id is not None and user.has_rank(Role.COORDINATOR)


def may_manage(user: User, person: User) -> bool:
    """A coordinator for everybody of the own party."""
    return may_manage_people(user) and person.party_id == user.party_id and person.erased_at is None


def may_keep_absences(user: User, person: User) -> bool:
    """Everybody their own; a coordinator those of the own side."""
    return user.is_active and (user.pk == person.pk or may_manage(user, person))


def may_snooze(user: User, assignment: Assignment) -> bool:
    """Whoever can be reminded of it: officers, managers and coordinators of the side."""
    return user.party_id == assignment.party_id and user.has_rank(Role.OFFICER)


def is_bound(user: User, commitment: Commitment) -> bool:
    """Whether the person's side has a part in the commitment."""
    return user.party_id in {assignment.party_id for assignment in commitment.assignments.all()}


def may_set_themes(user: User, commitment: Commitment) -> bool:
    """A coordinator of a side that has a part in it: themes are the same for every side."""
    return user.has_rank(Role.COORDINATOR) and is_bound(user, commitment)


def may_propose_date(user: User, commitment: Commitment) -> bool:
    """Those who may record progress on their side's part."""
    return any(may_record_progress(user, assignment) for assignment in commitment.assignments.all())


def may_remark_on_date(user: User, commitment: Commitment) -> bool:
    return may_propose_date(user, commitment)


def may_decide_date(user: User, change: DateChange) -> bool:
    """A coordinator of a bound side that has not decided; of the others once it was put before them."""
    if change.state != DateChangeState.PROPOSED or not user.has_rank(Role.COORDINATOR):
        return False
    if not is_bound(user, change.commitment) or not (change.is_open_to_all or change.party_id == user.party_id):
        return False
    return user.party_id not in {decision.party_id for decision in change.decisions.all()}


def may_withdraw_date(user: User, change: DateChange) -> bool:
    """Who proposed it, and the proposing side's coordinators, while it is open."""
    if change.state != DateChangeState.PROPOSED or user.party_id is None or user.party_id != change.party_id:
        return False
    return user.is_active and (change.by_id == user.pk or user.has_rank(Role.COORDINATOR))


def may_confirm(user: User, commitment: Commitment) -> bool:
    """A coordinator of a side that has a part in it."""
    return user.has_rank(Role.COORDINATOR) and is_bound(user, commitment)


def may_take_in(user: User) -> bool:
    """Coordinators bring statements in, for their own party."""
    return user.party_id is not None and user.has_rank(Role.COORDINATOR)


def may_change_draft(user: User, draft: StatementDraft) -> bool:
    """The coordinators of the side that takes the statement in."""
    return may_take_in(user) and user.party_id == draft.party_id


def may_choose_leads(user: User, draft: StatementDraft, party: Party) -> bool:
    """The side that takes the statement in suggests for all; a side that was asked chooses its own bodies."""
    asked = party.pk == user.party_id and draft.agreements.filter(party=party).exists()
    return may_change_draft(user, draft) or (may_take_in(user) and asked)


def may_answer_draft(user: User, agreement: DraftAgreement) -> bool:
    """The coordinators of the side that was asked."""
    return may_take_in(user) and user.party_id == agreement.party_id


def may_change_view(user: User, view: SavedView) -> bool:
    """The owner; and a coordinator what is shared with the whole own side."""
    if user.party_id is None or user.party_id != view.party_id:
        return False
    return view.owner_id == user.pk or (view.audience == Audience.PARTY and may_share_view(user))


def may_share_view(user: User) -> bool:
    """Coordinators, with the whole own side."""
    return may_manage_people(user)


def must_have_second_factor(user: User) -> bool:
    """Whether the installation asks a second step at sign-in of this role, or of administrators."""
    if user.is_staff and ADMINISTRATOR in settings.MFA_REQUIRED_ROLES:
        return True
    return user.role in settings.MFA_REQUIRED_ROLES and user.body_id is not None
