"""What the tracker wrote out it takes in again: the same rows, to the byte, and nothing twice."""

import pytest
from django.core.management import CommandError, call_command

from commitments.actions.integrity import altered_texts
from commitments.actions.publishing import publish_draft
from commitments.domain.text import sha256
from commitments.exchange.statement_formats import FORMATS
from commitments.exchange.statement_json import statement_json
from commitments.models import Act, Body, Change, Commitment, Party, Statement
from commitments.queries.statement_document import statement_document
from tests.databases import rolled_back
from tests.drafts import accept_all, make_coordinator, make_draft
from tests.make import AT

SLUG = "turkiye-malaysia-hlsc-2026"


@pytest.fixture(scope="module")
def written(statement_copy, django_db_blocker):
    """The first statement in each of its files."""
    with django_db_blocker.unblock(), rolled_back(statement_copy):
        document = statement_document(Statement.objects.get())
        return {name: form.write(document) for name, form in FORMATS.items()}


@pytest.fixture
def take(tmp_path):
    def taken(content, name="statement.json"):
        path = tmp_path / name
        path.write_bytes(content)
        call_command("import_statement", str(path), verbosity=0)
        return Statement.objects.order_by("pk").last()

    return taken


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMATS)
def test_a_file_makes_the_same_statement_to_the_byte(written, take, name):
    statement = take(written[name], f"statement.{name}")

    assert {other: form.write(statement_document(statement)) for other, form in FORMATS.items()} == written
    assert list(altered_texts()) == []


@pytest.mark.django_db
def test_levels_spans_dates_targets_bodies_and_parts_are_rows(written, take):
    statement = take(written["json"])
    dated = statement.commitments.get(ref="20.4")
    target = statement.commitments.get(ref="3.1").indicators.get()

    assert (statement.sections.count(), statement.paragraphs.count(), statement.commitments.count()) == (10, 20, 64)
    assert (str(dated.due_on), dated.due_precision, dated.quote) == ("2028-12-31", "year", dated.quote)
    assert (target.target, target.unit) == (10, "USD billion")
    assert {party.code for party in statement.parties.all()} == {"TR", "MY"}
    assert Commitment.objects.filter(assignments__lead__isnull=False).exists()
    assert Change.objects.get().act == Act.STATEMENT_PUBLISHED


@pytest.mark.django_db
def test_parties_and_bodies_that_are_known_stay_as_they_are(written, take):
    Party.objects.create(code="TR", name="Türkiye", names={"tr": "Türkiye"}, time_zone="Europe/Istanbul")

    take(written["json"])

    assert Party.objects.get(code="TR").time_zone == "Europe/Istanbul"
    assert Party.objects.count() == 2


def refusal(act):
    with pytest.raises(CommandError) as refused:
        act()
    return str(refused.value)


@pytest.mark.django_db
def test_a_statement_that_is_here_is_refused_with_its_name(written, take):
    take(written["json"])

    assert SLUG in refusal(lambda: take(written["xml"], "again.xml"))
    assert Statement.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "word"),
    [
        ((b'"kind": "event"', b'"kind": "parade"'), "parade"),
        ((b'"due_precision": "year"', b'"due_precision": null'), "belong together"),
        ((b'"party": "MY"', b'"party": "ZZ"'), "ZZ"),
        ((b'"format": "joint-statement"', b'"format": "other"'), "not_ours"),
    ],
)
def test_a_file_with_wrong_values_is_refused_whole(written, take, change, word):
    content = written["json"].replace(*change)

    assert word in refusal(lambda: take(content))
    assert (Statement.objects.count(), Party.objects.count(), Body.objects.count()) == (0, 0, 0)


@pytest.mark.django_db
def test_another_ending_has_to_be_told(take):
    assert "--format" in refusal(lambda: take(b"{}", "statement.docx"))


@pytest.mark.django_db
def test_what_a_commitment_carries_on_is_found_again(take):
    us = make_coordinator("TR")
    draft = make_draft(us)
    accept_all(draft, us)
    earlier = publish_draft(draft, by=us, at=AT)
    later = elsewhere(statement_document(earlier))
    first, second = later["commitments"][:2]
    first["continues"] = {"statement": earlier.slug, "ref": first["ref"]}
    second["continues"] = {"statement": "not-here", "ref": "1.1"}

    rows = list(take(statement_json(later)).commitments.all()[:2])

    assert rows[0].continues == earlier.commitments.first()
    assert rows[1].continues is None


def elsewhere(document):
    """The document as of another statement, so that it is not here already."""
    return {**document, "slug": "another", "text": "Another text.", "sha256": sha256("Another text.")}
