from xml.etree import ElementTree

from commitments.filters.widgets import QuickSelect


def test_options_and_groups_are_written_as_djangos_own_select_writes_them():
    choices = [("", "Any"), ("a&b", "<A>"), ("Türkiye", [("TR-1", "One"), ("TR-2", "Two")])]

    drawn = ElementTree.fromstring(
        QuickSelect(choices=choices).render("lead", "TR-2", {"id": "id_lead"}).replace(" selected", ' selected=""')
    )

    assert drawn.get("name") == "lead"
    assert drawn.get("id") == "id_lead"
    assert [option.get("value") for option in drawn.iter("option")] == ["", "a&b", "TR-1", "TR-2"]
    assert [option.text for option in drawn.iter("option")] == ["Any", "<A>", "One", "Two"]
    assert drawn.find("optgroup").get("label") == "Türkiye"
    assert [option.get("value") for option in drawn.iter("option") if option.get("selected") is not None] == ["TR-2"]
