import json

from commitments.domain.subjects import Subjects
from tests.servers import ROOT

SOURCE = ROOT / "fixtures" / "sources" / "turkiye_malaysia_2026" / "breakdown.json"


def test_a_body_is_found_by_its_name_and_by_what_it_leads():
    subjects = Subjects(
        {"TRADE": ["Ministry of Trade", "remove barriers to exports"], "HEALTH": ["Ministry of Health"]}
    )

    assert subjects.nearest("expand bilateral trade")[0][0] == "TRADE"
    assert subjects.nearest("barriers for exporters of medicines")[0][0] == "TRADE"
    assert subjects.nearest("the health of children")[0][0] == "HEALTH"


def test_nobody_is_suggested_where_no_word_tells():
    assert Subjects({"TRADE": ["Ministry of Trade"]}).nearest("strengthen cooperation in all fields") == []


def test_most_leads_of_the_real_statement_are_among_the_first_three():
    """Each commitment is asked about with all others known, as a second statement finds them."""
    found = total = 0
    for commitment, party, texts, lead in _asked():
        total += 1
        first = [code for code, _near in Subjects(texts).nearest(commitment)[:3]]
        found += lead in first
        assert party

    assert found / total > 0.8


def _asked():
    source = json.loads(SOURCE.read_text("utf-8"))
    headings = {each["number"]: one["heading"] for one in source["sections"] for each in one["paragraphs"]}
    words = {row["ref"]: f"{row['title']} {row['quote']} {headings[row['paragraph']]}" for row in source["commitments"]}
    for party in ("TR", "MY"):
        bodies = {body["code"]: body["name_en"] for body in source["bodies"] if body["party"] == party}
        leads = {
            row["ref"]: next((code for code in row["suggested_leads"] if code in bodies), None)
            for row in source["commitments"]
        }
        for ref in list(words)[::4]:
            if leads[ref]:
                texts = {code: [name] for code, name in bodies.items()}
                for other, lead in leads.items():
                    if lead and other != ref:
                        texts[lead].append(words[other])
                yield words[ref], party, texts, leads[ref]
