"""The ways of reading a statement: whole, its commitments alone, its coverage."""

import pytest
from django.test import Client

from commitments.models import User

pytestmark = pytest.mark.django_db
READER = "/statements/turkiye-malaysia-hlsc-2026/"


@pytest.fixture
def client(demo):
    client = Client()
    client.force_login(User.objects.get(email="reader.my@example.org"))
    return client


def test_the_coverage_tells_each_sentence_without_a_commitment_and_why(client):
    page = client.get(READER, {"reading": "coverage"}).content.decode()

    assert "Of 44 sentences, 3 carry no commitment." in page
    assert page.count('<li class="bare">') == page.count('<span class="bare">') == 3
    assert "Thanks or praises" in page


@pytest.mark.parametrize("reading", ["", "commitments", "coverage", "nothing-like-this"])
def test_every_reading_holds_every_commitment_and_the_way_to_its_quotation(client, reading):
    page = client.get(READER, {"reading": reading}).content.decode()

    for number in ("1.1", "3.1", "20.4"):
        assert f'id="q{number}"' in page
        assert f'data-quotation="{number}"' in page


def test_an_unknown_reading_is_the_whole_text(client):
    page = client.get(READER, {"reading": "nothing-like-this"}).content.decode()

    assert 'class="bare"' not in page
    assert 'class="fold"' not in page
