from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from commitments.actions.draft import Head, Source, begin_draft, drop_draft, set_head
from commitments.actions.draft_agreement import answer_draft, ask_side, stop_asking
from commitments.actions.draft_leads import choose_leads, suggest_leads
from commitments.actions.draft_parts import Place, merge_part, move_part, set_part_number, set_part_role, split_part
from commitments.actions.draft_proposals import (
    SURE,
    Wording,
    accept_proposal,
    accept_sure,
    add_proposal,
    refuse_proposal,
    split_proposal,
    undo_decision,
    word_proposal,
)
from commitments.actions.history import broken_links
from commitments.actions.integrity import altered_texts
from commitments.actions.planning import plan_reminders
from commitments.actions.publishing import publish_draft
from commitments.domain.codes import Kind, Precision, Role, Strength
from commitments.domain.parts import PartRole, is_whole
from commitments.models import Act, Change, Reminder, Statement
from commitments.models.draft import Decision, ProposedLead, StatementDraft
from commitments.queries.draft import alike, missing_in
from tests.drafts import accept_all, make_coordinator, make_draft, make_parties, reading_of
from tests.make import AT, make_body, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def us():
    return make_coordinator("TR")


@pytest.fixture
def them():
    make_parties("AZ")
    return make_coordinator("AZ")


@pytest.fixture
def draft(us):
    return make_draft(us)


def part_of(draft, number):
    return draft.parts.get(number=number)


def proposal_of(draft, number, place=0):
    return list(draft.proposals.filter(part__number=number))[place]


def seen(part):
    return Place(part, part.version)


def refusal_of(act):
    with pytest.raises(ValidationError) as refusal:
        act()
    return refusal.value.code


def words(draft):
    return [(part.role, part.number, part.text) for part in draft.parts.exclude(role="left_out")]


def holds_the_text(draft):
    return is_whole([row.part for row in draft.parts.all()], draft.text)


def test_a_draft_knows_what_the_text_says_and_nothing_more(draft):
    assert (draft.place, draft.adopted_on) == ("Baku", date(2026, 9, 11))
    assert draft.title.startswith("Joint Declaration of the Fifth Meeting")
    assert [adoption.party.code for adoption in draft.adoptions.all()] == ["TR", "AZ"]
    assert draft.short_title == "Türkiye–Azerbaijan, Baku 2026"
    assert bytes(draft.file.content) == b"the file"
    assert holds_the_text(draft)
    target = proposal_of(draft, "5")
    assert (target.target_amount, target.target_unit, str(target.due_on)) == (Decimal(15), "USD billion", "2028-12-31")
    assert proposal_of(draft, "4").sides == ["TR"]


def test_a_text_without_date_and_parties_leaves_them_to_be_asked_for(us):
    draft = make_draft(
        us, text="Joint Statement\n\n1. The sides agreed to meet.\n\n2. They will trade.\n\n3. They left."
    )

    assert (draft.adopted_on, draft.place, draft.short_title, draft.parties.count()) == (None, "", "", 0)
    missing = {each.code for each in missing_in(draft) if each.must}
    assert missing == {"no_short_title", "no_date", "own_party", "undecided", "no_commitments"}


@pytest.mark.parametrize("role", [Role.READER, Role.OFFICER, Role.MANAGER])
def test_only_coordinators_take_statements_in(role, draft):
    person = make_user(role, make_body("TR"))

    with pytest.raises(PermissionDenied):
        make_draft(person)
    with pytest.raises(PermissionDenied):
        accept_sure(draft, by=person, at=AT)
    assert not StatementDraft.objects.visible_to(person).exists()


def test_a_draft_is_the_own_sides_until_the_other_was_asked(draft, us, them):
    assert not StatementDraft.objects.visible_to(them).exists()
    assert list(StatementDraft.objects.visible_to(make_coordinator("TR"))) == [draft]

    ask_side(draft, them.body.party, by=us, at=AT)

    assert list(StatementDraft.objects.visible_to(them)) == [draft]
    with pytest.raises(PermissionDenied):
        accept_sure(draft, by=them, at=AT)
    stop_asking(draft, them.body.party, by=us, at=AT)
    assert not StatementDraft.objects.visible_to(them).exists()


def test_an_answer_is_about_the_draft_as_it_was_read(draft, us, them):
    ask_side(draft, them.body.party, by=us, at=AT)
    asked = draft.agreements.get()
    draft.refresh_from_db()
    before = draft.version
    accept_sure(draft, by=us, at=AT)
    draft.refresh_from_db()
    assert refusal_of(lambda: answer_draft(asked, agrees=True, version=before, by=them, at=AT)) == "conflict"
    assert refusal_of(lambda: answer_draft(asked, agrees=False, version=draft.version, by=them, at=AT)) == "needs_words"

    answer_draft(asked, agrees=True, version=draft.version, by=them, at=AT)
    assert draft.agreements.get().holds
    drop = proposal_of(draft, "3")
    refuse_proposal(drop, "no", version=drop.version, by=us, at=AT)

    draft.refresh_from_db()
    assert draft.agreements.get().is_outdated
    assert "outdated" in {each.code for each in missing_in(draft)}
    with pytest.raises(PermissionDenied):
        answer_draft(asked, agrees=True, version=draft.version, by=us, at=AT)


def test_the_head_is_completed_by_one_person_at_a_time(draft, us):
    head = Head("Title", "Short", "Baku", date(2026, 9, 1), None, "Ministry", "en", list(draft.parties.all()))
    set_head(draft, head, version=0, by=us, at=AT)

    draft.refresh_from_db()
    assert (draft.title, draft.adopted_on) == ("Title", date(2026, 9, 1))
    assert proposal_of(draft, "10").due_on == date(2027, 3, 1), "six months are counted from the day that was given"
    assert refusal_of(lambda: set_head(draft, head, version=0, by=make_coordinator("TR"), at=AT)) == "conflict"


def test_every_correction_keeps_the_text_and_moves_the_proposals_along(draft, us):
    part = part_of(draft, "6")
    quotes = [row.quote for row in part.proposals.all()]
    text = part.text

    second = split_part(seen(part), text.index("They called"), by=us, at=AT)
    assert second.text.startswith("They called on their transport authorities")
    assert [row.quote for row in second.proposals.all()] == quotes[2:]
    whole = merge_part(seen(second), by=us, at=AT)

    assert whole.text == text.replace(". They called", ".\n\nThey called")
    assert [row.quote for row in whole.proposals.all()] == quotes
    assert holds_the_text(draft)


def test_a_heading_and_a_paragraph_change_places(draft, us):
    heading = draft.parts.get(text="Defence")
    set_part_role(seen(heading), PartRole.PARAGRAPH, by=us, at=AT)
    set_part_role(seen(part_of(draft, "7")), PartRole.HEADING, level=2, by=us, at=AT)

    assert draft.parts.get(text="Defence").role == PartRole.PARAGRAPH
    made = draft.parts.get(text__startswith="7. The Presidents")
    assert (made.role, made.level, made.number) == (PartRole.HEADING, 2, "")
    assert not made.proposals.exists()
    set_part_role(seen(made), PartRole.PARAGRAPH, by=us, at=AT)
    assert [row.quote for row in part_of(draft, "7").proposals.all()]
    assert holds_the_text(draft)


def test_a_number_is_taken_and_given_back_with_the_proposals_in_their_place(draft, us):
    part = part_of(draft, "5")
    quotes = [row.quote for row in part.proposals.all()]

    set_part_number(seen(part), has_number=False, by=us, at=AT)
    part.refresh_from_db()
    assert part.text.startswith("5. The two sides")
    assert [row.quote for row in part.proposals.all()] == quotes
    set_part_number(seen(part), has_number=True, by=us, at=AT)

    part.refresh_from_db()
    assert (part.number, [row.quote for row in part.proposals.all()]) == ("5", quotes)


def test_a_part_is_left_out_put_back_and_moved(draft, us):
    part = part_of(draft, "2")
    before = words(draft)
    set_part_role(seen(part), PartRole.LEFT_OUT, by=us, at=AT)
    part.refresh_from_db()
    assert part.text.startswith("2. The Presidents")
    assert Change.objects.filter(act=Act.DRAFT_STRUCTURED, after__part=part.pk, after__step="left_out").exists()
    set_part_role(seen(part), PartRole.PARAGRAPH, by=us, at=AT)
    assert words(draft) == before
    part.refresh_from_db()

    move_part(seen(part), part_of(draft, "1"), by=us, at=AT)

    numbers = [number for _role, number, _text in words(draft) if number]
    assert numbers[:3] == ["2", "1", "3"]
    assert holds_the_text(draft)


def test_a_correction_that_somebody_overtook_is_refused(draft, us):
    old = seen(part_of(draft, "6"))
    set_part_number(seen(part_of(draft, "6")), has_number=False, by=make_coordinator("TR"), at=AT)

    for act in (
        lambda: merge_part(old, by=us, at=AT),
        lambda: split_part(old, 10, by=us, at=AT),
        lambda: set_part_role(old, PartRole.HEADING, by=us, at=AT),
        lambda: move_part(old, None, by=us, at=AT),
    ):
        assert refusal_of(act) == "conflict"


def test_no_correction_tears_an_accepted_commitment(draft, us):
    proposal = proposal_of(draft, "6")
    accept_proposal(proposal, version=0, by=us, at=AT)
    part = part_of(draft, "6")

    middle = (proposal.start + proposal.end) // 2
    assert refusal_of(lambda: split_part(seen(part), middle, by=us, at=AT)) == "commitment_here"
    assert refusal_of(lambda: set_part_role(seen(part), PartRole.LEFT_OUT, by=us, at=AT)) == "commitment_here"
    assert refusal_of(lambda: split_part(seen(part), 0, by=us, at=AT)) == "no_place"


def test_two_coordinators_never_undo_each_other_unseen(draft, us):
    proposal, other = proposal_of(draft, "3"), make_coordinator("TR")
    accept_proposal(proposal, version=0, by=other, at=AT)

    assert refusal_of(lambda: refuse_proposal(proposal, "no", version=0, by=us, at=AT)) == "conflict"
    assert refusal_of(lambda: accept_proposal(proposal, version=0, by=us, at=AT)) == "conflict"
    proposal.refresh_from_db()
    assert (proposal.decision, proposal.decided_by) == (Decision.ACCEPTED, other)


def test_the_sure_ones_are_accepted_at_once_and_the_doubtful_ones_stay(draft, us):
    refused = draft.proposals.filter(confidence__gte=SURE).first()
    refuse_proposal(refused, "no", version=0, by=us, at=AT)
    sure = draft.proposals.filter(confidence__gte=SURE).count()

    assert accept_sure(draft, by=us, at=AT) == sure - 1
    assert accept_sure(draft, by=us, at=AT) == 0
    assert draft.proposals.filter(decision=Decision.OPEN, confidence__lt=SURE).exists()
    assert Change.objects.filter(act=Act.DRAFT_DECIDED).count() == 2


def test_a_refusal_needs_its_reason_and_can_be_undone(draft, us):
    proposal = proposal_of(draft, "3")
    assert refusal_of(lambda: refuse_proposal(proposal, "  ", version=0, by=us, at=AT)) == "needs_reason"
    refuse_proposal(proposal, "Only praise", version=0, by=us, at=AT)

    undo_decision(proposal, version=1, by=us, at=AT)

    proposal.refresh_from_db()
    assert (proposal.decision, proposal.reason, proposal.decided_by) == (Decision.OPEN, "", None)


def wording(row, **changes):
    given = {
        "start": row.start,
        "end": row.end,
        "title": "Hold the meeting",
        "kind": Kind.EVENT,
        "strength": Strength.DIRECTED,
        "sides": ["AZ"],
        "due_on": date(2027, 2, 3),
        "due_precision": Precision.QUARTER,
        "target_amount": Decimal("2.5"),
        "target_unit": "meetings",
    }
    return Wording(**{**given, **changes})


def test_what_was_worded_anew_is_accepted_and_undoing_brings_back_what_was_found(draft, us):
    row = proposal_of(draft, "3")
    found = row.values()

    word_proposal(row, wording(row, end=row.end - 10), version=0, by=us, at=AT)
    row.refresh_from_db()
    assert (row.decision, row.title, row.sides) == (Decision.ACCEPTED, "Hold the meeting", ["AZ"])
    assert (row.due_on, row.due_precision, row.due_basis) == (date(2027, 3, 31), "quarter", "text")
    undo_decision(row, version=1, by=us, at=AT)

    row.refresh_from_db()
    assert row.values() == found


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"start": 50, "end": 50}, "no_words"),
        ({"start": 0, "end": 99999}, "no_words"),
        ({"title": " \x00"}, "needs_title"),
        ({"sides": ["QA"]}, "no_side"),
    ],
)
def test_a_wording_that_makes_no_sense_is_refused(changes, code, draft, us):
    row = proposal_of(draft, "3")

    assert refusal_of(lambda: word_proposal(row, wording(row, **changes), version=0, by=us, at=AT)) == code


def test_words_that_were_not_proposed_are_added_and_taken_back(draft, us):
    part = part_of(draft, "2")
    start = part.text.index("expressed confidence")
    span = {"start": start, "end": start + len("expressed confidence")}

    added = add_proposal(part, wording(proposal_of(draft, "3"), **span), version=0, by=us, at=AT)
    assert added.quote == "expressed confidence"
    undo_decision(added, version=added.version, by=us, at=AT)

    assert not part.proposals.exists()


def test_a_split_is_decided_piece_by_piece_and_undone_as_a_whole(draft, us):
    row = proposal_of(draft, "9", 0)
    middle = row.part.text.index("in 2027", row.start)

    pieces = split_proposal(row, [(row.start, middle), (middle, row.end)], version=0, by=us, at=AT)
    assert [piece.quote for piece in pieces] == [
        "agreed to celebrate the centenary of the Baku Congress",
        "in 2027 with joint events",
    ]
    accept_proposal(pieces[0], version=0, by=us, at=AT)
    row.refresh_from_db()
    assert row.decision == Decision.SPLIT
    undo_decision(pieces[1], version=0, by=us, at=AT)

    row.refresh_from_db()
    assert row.decision == Decision.OPEN
    assert not row.pieces.exists()


def test_lead_bodies_are_suggested_by_subject_and_a_side_chooses_its_own(draft, us, them):
    trade = make_body("TR", name_en="Ministry of Trade")
    other = make_body("TR", name_en="Ministry of Transport")
    accept_all(draft, us)

    suggest_leads(draft)
    line = ProposedLead.objects.get(proposal=proposal_of(draft, "5"), party=us.body.party)
    assert (line.lead, line.is_suggested) == (trade, True)
    key = (line.proposal_id, line.party_id)
    seen = {key: trade.pk}
    assert choose_leads(draft, {key: other}, seen=seen, by=us, at=AT) == 1
    assert choose_leads(draft, {key: other}, seen=seen, by=us, at=AT) == 0
    assert refusal_of(lambda: choose_leads(draft, {key: None}, seen=seen, by=us, at=AT)) == "conflict"

    line.refresh_from_db()
    assert (line.lead, line.is_suggested) == (other, False)
    with pytest.raises(PermissionDenied):
        choose_leads(draft, {key: trade}, seen={key: other.pk}, by=them, at=AT)
    with pytest.raises(ValidationError, match="of this side"):
        choose_leads(draft, {key: make_body("AZ")}, seen={key: other.pk}, by=us, at=AT)


def test_publishing_makes_the_statement_locks_it_and_begins_the_reminders(draft, us, them):
    make_body("TR", name_en="Ministry of Trade")
    accept_all(draft, us)

    statement = publish_draft(draft, by=us, at=AT)

    again = publish_draft(draft, by=us, at=AT)
    assert again == statement == Statement.objects.get()
    assert statement.locked_at == AT
    assert list(altered_texts()) == []
    assert list(broken_links()) == []
    assert [section.heading for section in statement.sections.all()][:2] == ["", "Political relations"]
    assert [row.number for row in statement.paragraphs.all()] == [str(number) for number in range(1, 14)]
    refs = [row.ref for row in statement.commitments.all()]
    assert refs[:4] == ["3.1", "3.2", "4.1", "5.1"]
    assert len(refs) == draft.proposals.count()
    alone = statement.commitments.get(ref="4.1")
    assert [part.party.code for part in alone.assignments.all()] == ["TR"]
    measured = statement.commitments.get(ref="5.1")
    assert measured.quote.startswith("set the goal of reaching a trade volume of 15 billion dollars")
    assert measured.indicators.get().target == 15
    assert str(measured.assignments.get(party__code="TR").lead.name_en) == "Ministry of Trade"
    assert Statement.objects.visible_to(them).get() == statement


def test_what_was_published_is_reminded_of_like_any_other(draft, us):
    accept_all(draft, us)
    statement = publish_draft(draft, by=us, at=AT)

    plan_reminders(AT, on=date(2027, 11, 2))

    told = Reminder.objects.filter(assignment__commitment__statement=statement, recipient=us)
    assert "6.2" in set(told.values_list("assignment__commitment__ref", flat=True)), "due by the end of 2027"


def test_nothing_is_published_while_something_is_missing(draft, us):
    assert refusal_of(lambda: publish_draft(draft, by=us, at=AT)) == "incomplete"
    assert not Statement.objects.exists()

    drop_draft(draft, by=us, at=AT)
    assert refusal_of(lambda: publish_draft(draft, by=us, at=AT)) == "closed"
    assert refusal_of(lambda: accept_sure(draft, by=us, at=AT)) == "closed"


def test_what_is_there_already_is_recognised(draft, us, them):
    accept_all(draft, us)
    publish_draft(draft, by=us, at=AT)
    again = make_draft(us)
    shorter = make_draft(us, text=draft.text[:2500])

    found = alike(again, us)
    assert [(each.statement is not None, each.same, each.percent) for each in found] == [
        (True, True, 100),
        (False, False, 100),
    ]
    assert [each.statement is not None for each in alike(shorter, us)].count(True) == 1
    assert [each.draft for each in alike(again, them)] == [None], "what another side drafts is nobody's business"


def test_history_tells_every_step_to_the_own_side_without_a_word_of_the_text(draft, us, them):
    set_part_role(seen(draft.parts.get(text="Defence")), PartRole.PARAGRAPH, by=us, at=AT)
    accept_sure(draft, by=us, at=AT)

    assert not Change.objects.visible_to(them).exists()
    rows = list(Change.objects.visible_to(us))
    assert [row.act for row in rows] == [Act.DRAFT_DECIDED, Act.DRAFT_STRUCTURED, Act.DRAFT_BEGUN]
    assert all(isinstance(value, int | str) for row in rows for value in row.after.values())
    assert "Defence" not in str([row.after for row in rows])


def test_a_reading_of_the_real_statement_publishes_as_it_is(us):
    make_parties("TR", "MY")
    draft = begin_draft(reading_of("turkiye_malaysia_2026"), Source("page.txt", b"x"), by=us, at=AT)
    accept_all(draft, us)

    statement = publish_draft(draft, by=us, at=AT)

    assert statement.paragraphs.count() == 20
    assert statement.sections.count() == 10
    assert statement.slug == "turkiye-malaysia-ankara-2026"
