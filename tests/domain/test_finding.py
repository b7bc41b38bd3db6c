from datetime import date

import pytest

from commitments.domain.finding import find_commitments
from commitments.domain.language import language
from commitments.domain.parties import Parties, find_parties

ENGLISH = language()
PARTIES = find_parties(
    "Joint Statement between the Republic of Türkiye and Malaysia",
    "H.E. Recep Tayyip Erdoğan, President of the Republic of Türkiye, and H.E. Dato’ Seri Anwar Ibrahim, Prime "
    "Minister of Malaysia, met.",
    ENGLISH,
)
ADOPTED = date(2026, 1, 7)


def quotes(text):
    return [each.quote for each in find_commitments(text, PARTIES, ADOPTED, ENGLISH)[0]]


def only(text):
    proposals = find_commitments(text, PARTIES, ADOPTED, ENGLISH)[0]
    assert len(proposals) == 1, [each.quote for each in proposals]
    return proposals[0]


def reasons(text):
    return [each.reason for each in find_commitments(text, PARTIES, ADOPTED, ENGLISH)[1]]


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("The Leaders instructed their ministers to draft a plan.", "directed"),
        ("The Ministers were tasked to draft a plan.", "directed"),
        ("REQUESTS the Commission to submit a report;", "directed"),
        ("They agreed to open a centre.", "agreed"),
        ("It was decided to open a centre.", "agreed"),
        ("We will work together on trade.", "agreed"),
        ("A joint working group will be established.", "agreed"),
        ("Both sides pledged EUR 20 million for water.", "agreed"),
        ("The two sides concurred on opening a centre.", "agreed"),
        ("The sides expressed their readiness to cooperate on trade.", "intended"),
        ("We stand ready to support the reconstruction.", "intended"),
        ("The Leaders have the intention to open a centre.", "intended"),
        ("We look forward to the early conclusion of the talks.", "intended"),
        ("They encouraged universities to exchange students.", "encouraged"),
        ("The two sides called on their chambers of commerce to hold fairs.", "encouraged"),
        ("They reiterated their joint ambition to expand trade.", "reaffirmed"),
        ("They underlined the importance of media cooperation.", "reaffirmed"),
        ("We remain committed to the Paris Agreement.", "reaffirmed"),
        ("They called for an immediate ceasefire.", "reaffirmed"),
    ],
)
def test_the_verb_tells_how_strongly_a_clause_binds(text, strength):
    assert only(text).strength == strength


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The Leaders met in Ankara and discussed trade.", "narration"),
        ("They praised the work of the universities.", "praise"),
        ("They welcomed the signing of two agreements.", "welcome"),
        ("Both sides agreed that trade is important.", "opinion"),
        ("The two sides called on Israel to lift the blockade.", "third_party"),
        ("They urged the international community to act.", "third_party"),
        ("The agreement will boost trade.", "opinion"),
        ("Recalling their resolutions on this matter,", "recital"),
        ("The agreed framework serves both countries.", "narration"),
        ("They took note of the targets agreed in Paris.", "narration"),
        ("The Ministers undertook a working visit to the port.", "narration"),
        ("They agreed on all issues discussed.", "narration"),
        ("The sides agreed to the following.", "narration"),
        ("They noted the importance of the Commission as a structure.", "opinion"),
        ("We share a vision of a safe ocean.", "opinion"),
        ("This initiative to build engines in Türkiye will enable more trade.", "opinion"),
        ("The partnership will continue to play a role in the region.", "opinion"),
        ("They called on all UN member states to respect the law.", "third_party"),
    ],
)
def test_what_binds_nobody_is_passed_over_with_its_reason(text, reason):
    assert quotes(text) == []
    assert reasons(text) == [reason]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("The sides agreed to open a large centre and to train experts.", 2),
        ("They underscored the importance of strengthening joint research and developing shared platforms.", 2),
        ("We agreed to strengthen trade and investment and encouraged ministers to meet.", 2),
        ("The sides agreed to expand cooperation in trade, energy and tourism.", 1),
        ("The sides expressed their readiness to cooperate closer and share best practices on waste.", 1),
        ("We reaffirm our commitment to maintaining and promoting peace.", 1),
        ("The sides agreed to strengthen trade through removing barriers and easing visas.", 1),
        ("The sides agreed to build a joint laboratory and effectively share the results of their work.", 2),
        ("We reaffirm the importance of protection rules to prevent fraud and promote recovery.", 1),
        ("We will work with partners to stress the value of protecting forests, planting trees and saving water.", 1),
        ("They stressed the importance of an early launch and the need for a common standard.", 2),
        ("We scheduled a meeting to be held in June, as well as a forum to be held in May 2027.", 2),
        ("We decided to open an office, which will employ ten people and will bring us closer.", 1),
        ("The sides agreed to deepen cooperation in:\n\n• seeds;\n\n• irrigation;\n\n• storage.", 1),
        ("The sides agreed to:\n\n• open a seed bank;\n\n• train twenty farmers.", 2),
    ],
)
def test_coordinated_undertakings_are_apart_and_lists_of_nouns_are_one(text, parts):
    assert len(quotes(text)) == parts


def test_a_list_under_one_verb_offers_its_finer_split():
    text = "The sides agreed to expand cooperation in trade, energy and tourism."

    proposal = only(text)

    assert [text[start:end] for start, end in proposal.finer_splits] == ["trade", "energy", "tourism"]


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Malaysia reiterated its support for Türkiye’s candidacy.", "Malaysia"),
        ("The Turkish side expressed its readiness to train experts.", "Türkiye"),
        ("President Erdoğan pledged to send experts.", "Türkiye"),
        ("Türkiye and Malaysia agreed to trade.", "both"),
        ("The two leaders agreed to trade.", "both"),
        ("President Vance and Prime Minister Erdoğan agreed to trade.", "both"),
        ("The Foreign Minister reiterated Malaysia’s commitment to open markets.", "Malaysia"),
        ("Malaysia recalled the talks of May. He expressed his readiness to resume them.", "Malaysia"),
    ],
)
def test_who_is_bound_is_who_speaks(text, side):
    assert only(text).side == side


def test_with_fewer_than_two_parties_all_are_bound():
    proposals, _ = find_commitments("Fiji will host the centre.", Parties(("Fiji",), {"Fiji": "Fiji"}), None, ENGLISH)

    assert proposals[0].side == "both"


@pytest.mark.parametrize(
    ("words", "due_on", "precision"),
    [
        ("by the end of 2026", date(2026, 12, 31), "year"),
        ("in 2028", date(2028, 12, 31), "year"),
        ("by 2030", date(2030, 12, 31), "year"),
        ("before 2028", date(2027, 12, 31), "year"),
        ("within six months", date(2026, 7, 7), "day"),
        ("within 100 days", date(2026, 4, 17), "day"),
        ("over the next two years", date(2028, 1, 7), "day"),
        ("by mid-2027", date(2027, 6, 30), "half"),
        ("in the first half of 2027", date(2027, 6, 30), "half"),
        ("in the second quarter of 2027", date(2027, 6, 30), "quarter"),
        ("in Q3 2026", date(2026, 9, 30), "quarter"),
        ("this year", date(2026, 12, 31), "year"),
        ("by the end of next year", date(2027, 12, 31), "year"),
        ("in March 2027", date(2027, 3, 31), "month"),
        ("by the end of June 2026", date(2026, 6, 30), "month"),
        ("on 5 May 2026", date(2026, 5, 5), "day"),
        ("no later than 1 March 2027", date(2027, 3, 1), "day"),
        ("on May 5-6, 2026", date(2026, 5, 6), "day"),
        ("in March", date(2026, 3, 31), "month"),
        ("within the next fifteen days", date(2026, 1, 22), "day"),
        ("during the first half of August 2026", date(2026, 8, 31), "month"),
        ("by June 30", date(2026, 6, 30), "day"),
        ("before 1 May", date(2026, 4, 30), "day"),
        ("by spring", date(2026, 6, 30), "quarter"),
        ("this autumn", date(2026, 12, 31), "quarter"),
        ("early next year", date(2027, 3, 31), "quarter"),
        ("early in 2027", date(2027, 3, 31), "quarter"),
    ],
)
def test_a_deadline_is_the_last_day_of_the_period_named(words, due_on, precision):
    deadline = only(f"The Leaders agreed to hold the second meeting of the Council {words}.").deadline

    assert (deadline.due_on, deadline.precision) == (due_on, precision)


@pytest.mark.parametrize(
    "text",
    [
        "They agreed to implement the Master Plan on Connectivity 2027.",
        "They agreed to promote “Visit Malaysia 2027” in both countries.",
        "They agreed to implement the 2030 Agenda.",
        "They agreed to implement the Plan of Action 2026-2030.",
        "They agreed to build on the results of the summit held in 2025.",
        "They agreed to meet before the next Council.",
        "They agreed to implement the Protocol on ports signed on May 29, this year.",
        "They agreed to implement the scheme for nurses with the means available in 2027 and beyond.",
        "They agreed to implement Resolution 77/161.",
    ],
)
def test_dates_in_names_and_of_other_events_are_no_deadlines(text):
    assert only(text).deadline is None


@pytest.mark.parametrize(
    "text",
    [
        "They agreed to widen the preferential list, aiming to double bilateral trade by 2030.",
        "They agreed to declare 2030 as the Year of Shared Waters.",
    ],
)
def test_an_aim_in_figures_behind_the_clause_and_a_year_that_is_named_give_the_date(text):
    deadline = only(text).deadline

    assert (deadline.due_on, deadline.precision) == (date(2030, 12, 31), "year")


def test_what_counts_from_adoption_has_no_date_without_it():
    proposals, _ = find_commitments("They agreed to meet within six months.", PARTIES, None, ENGLISH)

    assert proposals[0].deadline is None


@pytest.mark.parametrize(
    ("text", "amount", "unit", "indicator"),
    [
        (
            "They reiterated their joint ambition to reach the target of USD 10 billion in trade.",
            "10",
            "USD billion",
            "trade",
        ),
        ("They set a target of raising bilateral trade to 3 billion dollars.", "3", "USD billion", "bilateral trade"),
        ("Malaysia will provide 1,500 scholarships.", "1500", "scholarships", "scholarships"),
        ("We commit to reducing emissions by 25 per cent.", "25", "%", "emissions"),
        ("They agreed to double bilateral trade.", "2", "times", "bilateral trade"),
    ],
)
def test_an_aim_in_figures_is_a_target(text, amount, unit, indicator):
    proposal = only(text)

    assert (proposal.target.amount, proposal.target.unit, proposal.target.indicator) == (amount, unit, indicator)
    assert proposal.kind == "target"


def test_the_title_is_in_the_imperative():
    assert only("They underlined the importance of strengthening media ties.").title == "Strengthen media ties"


def test_a_list_of_nouns_longer_than_any_sentence_stays_in_its_items():
    text = "The sides agreed to deepen cooperation in:" + "\n\n• trade in seeds;" * 300

    assert len(quotes(text)) == 300


def test_the_title_of_a_list_has_no_bullets():
    text = "The sides agreed to deepen cooperation in these areas:\n\n• seeds;\n\n• irrigation."

    assert only(text).title == "Deepen cooperation in these areas: seeds, irrigation"


def test_each_proposal_says_why_and_how_surely():
    proposal = only("The Leaders instructed their ministers to draft a plan.")

    assert proposal.cues == ("instruct", "direct")
    assert 0.38 <= proposal.confidence <= 1


@pytest.mark.parametrize(
    "text",
    [
        "We have agreed to open a centre.",
        "Quad partners have also committed USD 120 million for training.",
        "The leaders assessed their ties and pledged to deepen them further.",
        "We are pleased to announce that the leaders have agreed to extend the fellowship.",
        "The sides pointed out the necessity of direct contacts.",
        "The leaders announced they will pursue new procurements.",
        "The need to fight maritime piracy was highlighted.",
        "A joint laboratory is to be opened in Almaty.",
        "The leaders met in Ankara, pledging to open a new bridge.",
        "They affirmed to support the harbour.",
        "The leaders reaffirm the two countries will pursue joint projects.",
        "They acknowledged the need to enlarge the storage.",
        "The sides stressed on regular trade between the cities.",
        "We recommit our countries to the protection of forests.",
    ],
)
def test_wordings_that_hide_their_verb_are_found(text):
    assert len(quotes(text)) == 1


def test_a_date_that_opens_the_sentence_is_its_clauses_deadline():
    assert only("In 2027, the sides will convene a conference on ports.").deadline.due_on == date(2027, 12, 31)


def test_a_name_in_ly_is_no_adverb():
    parties = find_parties("Joint Declaration of Italy and Türkiye", "", ENGLISH)

    proposals, _ = find_commitments("Italy reaffirmed its support for the customs union.", parties, None, ENGLISH)

    assert [each.side for each in proposals] == ["Italy"]


def test_a_member_of_a_group_speaks_for_itself_and_a_third_country_for_none():
    parties = find_parties("Chair's Statement of the ASEAN-India Summit", "", ENGLISH)
    proposals, _ = find_commitments("Malaysia will host the next Summit in 2027.", parties, ADOPTED, ENGLISH)

    assert [each.side for each in proposals] == ["Malaysia"]
    assert reasons("Iran will host the next Summit in 2027.") == ["third_party"]
