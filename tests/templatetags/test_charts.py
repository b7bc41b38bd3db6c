"""Charts: every mark has its colour as an attribute and as a class, a link and a name."""

import re
from xml.etree import ElementTree

import pytest

from commitments.domain.codes import Status
from commitments.domain.status import SHOWN
from commitments.models import Statement
from commitments.queries.overview import overview
from commitments.templatetags.charts import FILL, block, strip
from commitments.templatetags.marks import confidence, icon, move, status
from commitments.templatetags.timeline import timeline
from commitments.views.context import sides
from tests.make import TODAY, make_body, make_user


@pytest.fixture
def view(sample_db):
    statement = Statement.objects.get()
    return overview(statement, sides(statement), make_user(body=make_body("TR")), TODAY)


@pytest.mark.parametrize("code", list(Status))
def test_a_block_carries_its_colour_for_paper_and_its_class_for_themes(code):
    drawn = block(code, 0, 0, 10, 10, "t")

    assert f'class="f-{code}"' in drawn
    assert f'fill="{FILL[code]}"' in drawn
    assert "style=" not in drawn


def test_no_two_statuses_look_alike_in_black_and_white():
    looks = {re.sub(r'class="f-\w+"|fill="#\w+"', "", block(code, 0, 0, 10, 10, "t")) for code in Status}
    shapes = {str(status(code)).split("#")[1].split('"')[0] for code in Status}

    assert len(looks) >= 4  # plain, outlined, dashed, striped, hatched; the ramp of progress differs by depth
    assert len(shapes) == len(list(Status)) == len(SHOWN)


@pytest.mark.django_db
@pytest.mark.parametrize("draw", [strip, lambda view: timeline(view, TODAY)], ids=["strip", "timeline"])
def test_charts_are_sound_xml_whose_links_have_names(view, draw):
    tree = ElementTree.fromstring(draw(view))

    links = list(tree.iter("a"))
    assert links
    for link in links:
        assert link.get("href").startswith("/statements/")
        assert "".join(link.itertext()).strip()


@pytest.mark.django_db
def test_the_timeline_tells_dates_of_the_text_set_ones_and_overdue_ones_apart(view):
    drawn = timeline(view, TODAY)

    assert 'class="d-late"' in drawn
    assert 'class="d-text"' in drawn
    assert "20.4<tspan" in drawn  # 2028 lies beyond the scale and stands at its edge
    assert "2028 →" in drawn


def test_marks_say_in_words_what_they_show():
    assert "Under way" in status("under_way")
    assert "Not started to Under way" in move("not_started", "under_way")
    assert "At risk" in confidence("at_risk")
    assert 'class="muted' in confidence("not_given")
    assert 'aria-hidden="true"' in icon("note")
