"""The bytes of a mail: any reader of mail finds in them what was put in."""

import email
import email.policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.mail.mime import File, mail_bytes

LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=1200)
TEXTS = st.lists(LINES, max_size=3).map("\n".join)
HEADS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@given(
    words=st.lists(HEADS, min_size=1, max_size=12).map(" ".join),
    text=TEXTS,
    html=TEXTS,
    content=st.binary(max_size=200),
)
def test_a_reader_finds_in_a_mail_what_was_put_in(words, text, html, content):
    raw = mail_bytes(
        {"Subject": words, "To": "a@example.org"},
        text=text,
        html=html,
        file=File("deadlines.ics", "text/calendar", content),
    )
    found = email.message_from_bytes(raw, policy=email.policy.default)
    both, file = found.iter_parts()

    assert found["Subject"] == words
    assert [part.get_payload(decode=True).decode() for part in both.iter_parts()] == [text, html]
    assert (file.get_filename(), file.get_payload(decode=True)) == ("deadlines.ics", content)
    assert not found.defects
    assert max(map(len, raw.split(b"\n"))) <= 998


@pytest.mark.parametrize("value", ["a\nBcc: b@example.org", "a\r\nBcc: b@example.org"])
def test_a_head_is_one_head(value):
    with pytest.raises(ValueError, match="Subject"):
        mail_bytes({"Subject": value}, text="", html="")
