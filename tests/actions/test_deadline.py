import threading
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from commitments.actions.deadline import decide_date, propose_date, remark_on_date, withdraw_date
from commitments.actions.history import broken_links
from commitments.domain.codes import Precision, Role, Visibility
from commitments.models import Act, Change, DateChange, DateDecision, DateRemark
from tests.make import AT, make_assignment, make_body, make_commitment, make_statement, make_user

DAY = date(2027, 5, 4)
Q2 = date(2027, 6, 30)
OWN, BOTH = Visibility.OWN, Visibility.BOTH


@pytest.fixture
def commitment(db):
    """One that binds both sides, without a date."""
    commitment = make_commitment()
    make_assignment(commitment, "TR")
    make_assignment(commitment, "MY")
    return commitment


@pytest.fixture
def people(commitment):
    rows = {part.party.code: part for part in commitment.assignments.select_related("party", "lead")}
    return {
        "officer": make_user(Role.OFFICER, rows["TR"].lead),
        "manager": make_user(Role.MANAGER, rows["TR"].lead),
        "reader": make_user(Role.READER, rows["TR"].lead),
        "colleague": make_user(Role.OFFICER, make_body("TR")),
        "coordinator": make_user(Role.COORDINATOR, make_body("TR")),
        "other": make_user(Role.COORDINATOR, make_body("MY")),
        "other_officer": make_user(Role.OFFICER, rows["MY"].lead),
    }


def propose(commitment, by, visibility=BOTH, day=DAY, precision=Precision.QUARTER, reason="The works are late"):
    return propose_date(commitment, day, precision, reason=reason, visibility=visibility, by=by, at=AT)


def agree(change, by, words=""):
    decide_date(change, agrees=True, words=words, by=by, at=AT)


def decline(change, by):
    decide_date(change, agrees=False, by=by, at=AT)


def refusal_of(act):
    with pytest.raises(ValidationError) as refusal:
        act()
    return refusal.value.code


def test_a_date_is_set_once_both_coordinators_agree(commitment, people):
    change = propose(commitment, people["officer"])
    agree(change, people["coordinator"])
    commitment.refresh_from_db()
    assert commitment.due_on is None

    agree(change, people["other"])

    commitment.refresh_from_db()
    change.refresh_from_db()
    assert (commitment.due_on, commitment.due_precision, commitment.due_basis) == (Q2, "quarter", "set")
    assert (change.state, change.old_due_on, change.is_slip) == ("made", None, False)


def test_one_refusal_keeps_the_date(commitment, people):
    change = propose(commitment, people["officer"])
    agree(change, people["coordinator"])

    decline(change, people["other"])

    commitment.refresh_from_db()
    change.refresh_from_db()
    assert (commitment.due_on, change.state) == (None, "declined")
    assert refusal_of(lambda: agree(change, people["coordinator"])) == "decided"


def test_a_commitment_of_one_side_needs_that_side_alone(db):
    commitment = make_commitment()
    part = make_assignment(commitment, "TR")
    change = propose(commitment, make_user(Role.MANAGER, part.lead), OWN)

    agree(change, make_user(Role.COORDINATOR, make_body("TR")))

    commitment.refresh_from_db()
    assert commitment.due_on == Q2


def test_what_a_coordinator_proposes_that_side_has_agreed_to(commitment, people):
    change = propose(commitment, people["coordinator"])

    assert [decision.party.code for decision in change.decisions.all()] == ["TR"]
    assert change.state == "proposed"
    agree(change, people["other"])
    commitment.refresh_from_db()
    assert commitment.due_on == Q2


def test_the_old_dates_are_kept_and_slips_are_counted(commitment, people):
    for day in (date(2027, 1, 1), date(2027, 8, 1), date(2027, 5, 1)):
        change = propose(commitment, people["coordinator"], day=day, precision=Precision.MONTH)
        agree(change, people["other"])

    made = DateChange.objects.order_by("pk").values_list("old_due_on", "new_due_on")
    assert list(made) == [
        (None, date(2027, 1, 31)),
        (date(2027, 1, 31), date(2027, 8, 31)),
        (date(2027, 8, 31), date(2027, 5, 31)),
    ]
    assert commitment.date_changes.slips().count() == 1


@pytest.mark.parametrize("basis", ["text", "external"])
def test_a_date_in_the_text_is_remarked_on_and_never_moved(basis, db):
    commitment = make_commitment(due=(date(2028, 12, 31), "year", basis))
    part = make_assignment(commitment, "TR")
    coordinator = make_user(Role.COORDINATOR, part.lead)

    assert refusal_of(lambda: propose(commitment, coordinator)) == "date_in_text"
    remark_on_date(commitment, "It will hardly be met", visibility=OWN, by=coordinator, at=AT)

    commitment.refresh_from_db()
    assert (commitment.due_on, commitment.due_basis) == (date(2028, 12, 31), basis)
    assert DateRemark.objects.get().text == "It will hardly be met"


@pytest.mark.parametrize("who", ["reader", "colleague"])
def test_those_who_may_not_record_progress_propose_no_date(who, commitment, people):
    with pytest.raises(PermissionDenied):
        propose(commitment, people[who])
    with pytest.raises(PermissionDenied):
        remark_on_date(commitment, "A word", visibility=BOTH, by=people[who], at=AT)


@pytest.mark.parametrize("who", ["officer", "manager", "reader", "colleague", "other_officer"])
def test_only_coordinators_decide(who, commitment, people):
    change = propose(commitment, people["officer"])

    with pytest.raises(PermissionDenied):
        agree(change, people[who])


def test_nobody_decides_twice(commitment, people):
    change = propose(commitment, people["coordinator"])

    with pytest.raises(PermissionDenied):
        agree(change, people["coordinator"])
    with pytest.raises(PermissionDenied):
        decline(change, make_user(Role.COORDINATOR, make_body("TR")))


def test_a_side_without_a_part_decides_nothing(people, db):
    statement = make_statement(("TR", "MY"))
    commitment = make_commitment(statement)
    part = make_assignment(commitment, "TR")
    change = propose(commitment, make_user(Role.OFFICER, part.lead))

    with pytest.raises(PermissionDenied):
        agree(change, people["other"])


def test_a_proposal_kept_to_the_own_side_is_unknown_to_the_other(commitment, people):
    change = propose(commitment, people["officer"], OWN)

    assert not DateChange.objects.visible_to(people["other"]).exists()
    assert not Change.objects.visible_to(people["other"]).exists()
    with pytest.raises(PermissionDenied):
        agree(change, people["other"])
    assert propose(commitment, people["other_officer"]), "its existence shows in no refusal"


def test_it_goes_to_the_other_side_with_the_own_coordinators_words(commitment, people):
    change = propose(commitment, people["officer"], OWN, reason="Nobody has started")
    assert refusal_of(lambda: agree(change, people["coordinator"])) == "needs_words"

    agree(change, people["coordinator"], "We need more time")

    change.refresh_from_db()
    assert list(DateChange.objects.visible_to(people["other"])) == [change]
    assert change.reason_for(people["other"]) == ""
    assert change.reason_for(people["reader"]) == "Nobody has started"
    agree(change, people["other"])
    acts = list(Change.objects.visible_to(people["other"]).order_by("seq").values_list("act", flat=True))
    assert acts == [Act.DATE_AGREED, Act.DATE_AGREED, Act.DATE_CHANGED]


def test_history_tells_every_step_and_holds(commitment, people):
    change = propose(commitment, people["officer"])
    agree(change, people["coordinator"])
    agree(change, people["other"])

    rows = list(Change.objects.order_by("seq").values_list("act", "before", "after__due_on", "by"))
    none = {"due_on": None, "precision": None}
    assert rows == [
        (Act.DATE_PROPOSED, none, "2027-06-30", people["officer"].pk),
        (Act.DATE_AGREED, {}, "2027-06-30", people["coordinator"].pk),
        (Act.DATE_AGREED, {}, "2027-06-30", people["other"].pk),
        (Act.DATE_CHANGED, none, "2027-06-30", people["other"].pk),
    ]
    assert list(broken_links()) == []


def test_a_made_change_overtakes_the_other_sides_proposal(commitment, people):
    theirs = propose(commitment, people["other_officer"], day=date(2030, 1, 1))
    ours = propose(commitment, people["coordinator"])

    agree(ours, people["other"])

    theirs.refresh_from_db()
    assert theirs.state == "superseded"


def test_a_side_has_one_open_proposal(commitment, people):
    propose(commitment, people["officer"])

    assert refusal_of(lambda: propose(commitment, people["manager"])) == "is_proposed"


def test_a_proposal_is_withdrawn_by_its_own_side(commitment, people):
    change = propose(commitment, people["officer"])
    for who in ("manager", "other", "reader"):
        with pytest.raises(PermissionDenied):
            withdraw_date(change, by=people[who], at=AT)

    withdraw_date(change, by=people["officer"], at=AT)

    change.refresh_from_db()
    assert change.state == "withdrawn"
    assert propose(commitment, people["manager"])


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"reason": " \x00 "}, "needs_reason"),
        ({"reason": "x" * 20_001}, "too_long"),
        ({"day": date(1, 1, 1)}, "far_off"),
        ({"day": date(9999, 12, 31)}, "far_off"),
    ],
)
def test_what_makes_no_sense_is_refused(values, code, commitment, people):
    assert refusal_of(lambda: propose(commitment, people["officer"], **values)) == code
    assert not Change.objects.exists()


def test_the_date_that_stands_is_no_proposal(commitment, people):
    agree(propose(commitment, people["coordinator"]), people["other"])

    assert refusal_of(lambda: propose(commitment, people["officer"], day=date(2027, 4, 1))) == "same_date"


def test_remarks_are_seen_by_whom_they_are_meant_for(commitment, people):
    remark_on_date(commitment, "For us", visibility=OWN, by=people["officer"], at=AT)
    remark_on_date(commitment, "For all", visibility=BOTH, by=people["officer"], at=AT)

    seen = DateRemark.objects.visible_to(people["other"])
    assert [remark.text for remark in seen] == ["For all"]


def test_two_coordinators_who_decide_at_once_move_the_date_once(fresh_database):
    commitment = make_commitment()
    part = make_assignment(commitment, "TR")
    make_assignment(commitment, "MY")
    change = propose(commitment, make_user(Role.OFFICER, part.lead))
    deciders = [
        make_user(Role.COORDINATOR, make_body("TR")),
        make_user(Role.COORDINATOR, make_body("TR")),
        make_user(Role.COORDINATOR, make_body("MY")),
    ]
    refused = []

    def run(person):
        try:
            agree(change, person)
        except (PermissionDenied, ValidationError) as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(person,)) for person in deciders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    commitment.refresh_from_db()
    assert commitment.due_on == Q2
    assert len(refused) == 1
    assert DateDecision.objects.count() == 2
    assert Change.objects.filter(act=Act.DATE_CHANGED).count() == 1
    assert list(broken_links()) == []
