"""Which rows each filter finds, and that one side's own notes never decide it for the other."""

from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict

from commitments.actions.generating import Plan, generate
from commitments.domain.codes import Basis, Precision, Status, Visibility
from commitments.domain.text import search_words
from commitments.filters.commitment import CommitmentFilter
from commitments.models import Assignment, Commitment, User
from tests.make import TODAY, make_assignment, make_body, make_commitment, make_statement, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_user(body=make_body("TR"))


def chosen(person, query, statement=None):
    rows = Commitment.objects.visible_to(person).in_text_order()
    return CommitmentFilter(QueryDict(query), rows, person=person, today=TODAY, statement=statement)


def refs(person, query, statement=None):
    return [row.ref for row in chosen(person, query, statement).qs]


def day(on):
    return (on, Precision.DAY, Basis.SET)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("isbirligi", True),
        ("İŞBİRLİĞİ", True),
        ("TURKIYE", True),
        ("türkiye isbirligi", True),
        ("ISIK", False),
        ("turk isbir", True),
        ("birligi", False),
        ("türkiye-işbirliği!", True),
        ("!", False),
        ("türkiye malezya", False),
    ],
)
def test_words_are_folded_and_all_of_them_must_be_there(person, words, found):
    make_commitment(ref="1.1", title="Türkiye ile işbirliği")

    assert bool(refs(person, f"q={words}")) is found


@pytest.mark.parametrize("words", ["coop", "cooperation", "energy ankara", "2 1", "zz", "İZMİR", "a", "health-tourism"])
def test_words_find_the_rows_of_the_text_in_its_order_on_either_database(words):
    list(generate(Plan(commitments=300, notes=1, seed=9, today=TODAY)))
    person = User.objects.filter(body__party__adoptions__isnull=False).order_by("pk").first()
    rows = Commitment.objects.visible_to(person).in_text_order()
    wanted = search_words(words).split()

    def has_all(row):
        return all(any(word.startswith(part) for word in row.search_text.split()) for part in wanted)

    assert [row.pk for row in chosen(person, f"q={words}").qs] == [row.pk for row in rows if has_all(row)]


def test_the_index_follows_a_commitment_whose_words_change(person):
    commitment = make_commitment(ref="1.1", title="Ferry to Mersin")
    Commitment.objects.filter(pk=commitment.pk).update(search_text="1 1 train to konya")

    assert refs(person, "q=train") == ["1.1"]
    assert refs(person, "q=ferry") == []
    commitment.delete()
    assert refs(person, "q=train") == []


def test_a_number_finds_the_commitment_of_that_number(person):
    statement = make_statement()
    make_commitment(statement, ref="2.1", title="See 20.2")
    make_commitment(statement, ref="20.2", title="Meet")

    assert refs(person, "q=20.2") == ["20.2"]


def test_the_status_without_a_side_is_that_of_the_less_advanced(person):
    commitment = make_commitment(ref="1.1")
    make_assignment(commitment, "TR", status=Status.DONE)
    make_assignment(commitment, "MY", status=Status.UNDER_WAY)

    assert refs(person, "status=under_way") == ["1.1"]
    assert refs(person, "status=done") == []
    assert refs(person, "status=done&side=TR") == ["1.1"]
    assert refs(person, "status=done&side=MY") == []


def test_a_side_alone_finds_what_binds_it(person):
    statement = make_statement()
    make_assignment(make_commitment(statement, ref="1.1"), "TR")
    make_assignment(make_commitment(statement, ref="1.2"), "MY")

    assert refs(person, "side=MY") == ["1.2"]


@pytest.mark.parametrize(
    ("due", "found"),
    [
        ("overdue", ["1.1"]),
        ("30", ["1.2"]),
        ("90", ["1.2", "1.3"]),
        ("year", ["1.1", "1.2"]),
        ("dated", ["1.1", "1.2", "1.3", "1.5"]),
        ("none", ["1.4"]),
    ],
)
def test_dates(person, due, found):
    statement = make_statement()
    for ref, deadline in {
        "1.1": day(date(2026, 11, 23)),
        "1.2": day(date(2026, 12, 24)),
        "1.3": day(date(2027, 2, 22)),
        "1.4": None,
        "1.5": (date(2028, 12, 31), Precision.YEAR, Basis.TEXT),
    }.items():
        make_assignment(make_commitment(statement, ref=ref, due=deadline), "TR")

    assert refs(person, f"due={due}") == found


@pytest.mark.parametrize("settled", [Status.DONE, Status.BEING_HONOURED, Status.NOT_PURSUED])
def test_what_every_side_has_settled_is_neither_overdue_nor_near(person, settled):
    statement = make_statement()
    late = make_commitment(statement, ref="1.1", due=day(date(2026, 11, 1)))
    near = make_commitment(statement, ref="1.2", due=day(date(2026, 12, 1)))
    for commitment in (late, near):
        make_assignment(commitment, "TR", status=settled)
    half = make_assignment(near, "MY")

    assert refs(person, "due=overdue") == []
    assert refs(person, "due=30") == ["1.2"]
    assert refs(person, "due=30&side=TR") == []
    half.delete()
    assert refs(person, "due=30") == []


def test_freshness_uses_only_the_words_that_the_person_may_see(person):
    commitment = make_commitment(ref="1.1")
    make_assignment(
        commitment,
        "MY",
        last_word_at=datetime(2026, 11, 20, tzinfo=UTC),
        update_due_on=date(2027, 2, 20),
        last_shared_word_at=None,
        shared_update_due_on=date(2026, 4, 7),
    )
    theirs = make_user(body=make_body("MY"))

    assert refs(person, "freshness=due") == ["1.1"]
    assert refs(person, "freshness=never") == ["1.1"]
    assert refs(theirs, "freshness=due") == []
    assert refs(theirs, "freshness=fresh") == ["1.1"]
    assert refs(theirs, "freshness=never") == []


def test_a_confidence_of_the_other_side_counts_only_where_it_is_shared(person):
    statement = make_statement()
    for ref, seen in (("1.1", Visibility.OWN), ("1.2", Visibility.BOTH)):
        make_assignment(make_commitment(statement, ref=ref), "MY", confidence="off_track", confidence_visibility=seen)

    assert refs(person, "confidence=trouble") == ["1.2"]
    assert refs(person, "confidence=not_given") == ["1.1"]
    assert refs(person, "attention=yes") == ["1.2"]


def test_lead_body_and_desk_officer_or_nobody(person):
    statement = make_statement()
    trade = make_body("TR", "TR-TRADE")
    make_assignment(make_commitment(statement, ref="1.1"), "TR", lead=trade, officer=person)
    row = make_assignment(make_commitment(statement, ref="1.2"), "TR")
    Assignment.objects.filter(pk=row.pk).update(lead=None)

    assert refs(person, "lead=TR-TRADE") == ["1.1"]
    assert refs(person, "lead=none") == ["1.2"]
    assert refs(person, f"officer={person.pk}") == ["1.1"]
    assert refs(person, "officer=none") == ["1.2"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("text", ["1.1", "1.2", "1.3"]),
        ("title", ["1.3", "1.2", "1.1"]),
        ("due", ["1.2", "1.1", "1.3"]),
        ("-due", ["1.1", "1.2", "1.3"]),
        ("status", ["1.3", "1.1", "1.2"]),
        ("-status", ["1.2", "1.1", "1.3"]),
        ("updated", ["1.3", "1.1", "1.2"]),
        ("-updated", ["1.2", "1.1", "1.3"]),
    ],
)
def test_sorting_puts_what_has_no_value_where_it_belongs(person, sort, order):
    statement = make_statement()
    for ref, title, due, status, word in (
        ("1.1", "C", day(date(2027, 5, 1)), Status.UNDER_WAY, datetime(2026, 3, 1, tzinfo=UTC)),
        ("1.2", "B", day(date(2027, 1, 1)), Status.DONE, datetime(2026, 6, 1, tzinfo=UTC)),
        ("1.3", "A", None, Status.NOT_ASSESSED, None),
    ):
        commitment = make_commitment(statement, ref=ref, title=title, due=due)
        make_assignment(commitment, "TR", status=status, last_word_at=word)

    assert refs(person, f"sort={sort}") == order


def test_a_section_is_chosen_within_its_statement(person):
    statement = make_statement()
    make_commitment(statement, ref="1.1")

    assert refs(person, "section=0", statement) == ["1.1"]
    assert chosen(person, "section=7", statement).errors
    assert chosen(person, "section=0").errors


@pytest.mark.parametrize(
    "query",
    [
        "status=finished",
        "section=x",
        "side=XX",
        "due=31",
        "lead=TR-NOBODY",
        "officer=1e9",
        "officer=none%00",
        "sort=random",
        "kind=%F0%9F%98%80",
        "q=%00",
        "q=" + "a" * 201,
        "freshness=%27",
        "confidence=-1",
    ],
)
def test_a_broken_value_is_named_and_the_rest_still_filters(person, query):
    statement = make_statement()
    make_commitment(statement, ref="1.1", kind="action")
    make_commitment(statement, ref="1.2", kind="position")

    found = chosen(person, f"strength=agreed&{query}", statement)

    assert list(found.errors) == [query.partition("=")[0]]
    assert len(found.qs) == 2


def test_rows_of_other_peoples_statements_are_never_found(person):
    make_commitment(make_statement(parties=("XA", "XB")))

    assert refs(person, "") == []


def test_words_find_what_a_body_leads_by_any_of_its_names():
    agency = make_body(
        "TR", "TR-TIKA", short="TİKA", name_en="Cooperation Agency", name_own="Türk İşbirliği ve Koordinasyon Ajansı"
    )
    commitment = make_commitment(title="Help third countries")
    make_assignment(commitment, lead=agency)
    person = make_user(body=agency)

    for words in ("tika", "isbirligi", "KOORDINASYON third"):
        assert refs(person, f"q={words}", commitment.statement) == [commitment.ref]
    assert refs(person, "q=tika trade", commitment.statement) == []
