"""What a mail server's answer means."""

import pytest

from commitments.domain.delivery import Outcome, Phase, judge


@pytest.mark.parametrize(
    ("phase", "code", "words", "outcome"),
    [
        (Phase.DONE, 250, "", Outcome.SENT),
        (Phase.CONNECT, 0, "refused", Outcome.RELAY_ILL),
        (Phase.CONNECT, 554, "go away", Outcome.RELAY_ILL),
        (Phase.CONNECT, 535, "wrong password", Outcome.RELAY_ILL),
        (Phase.MAIL, 550, "sender refused", Outcome.RELAY_ILL),
        (Phase.RCPT, 530, "5.7.0 sign in first", Outcome.RELAY_ILL),
        (Phase.RCPT, 550, "5.7.1 relaying denied", Outcome.RELAY_ILL),
        (Phase.RCPT, 550, "5.1.1 no such person", Outcome.UNKNOWN_ADDRESS),
        (Phase.RCPT, 550, "no such person", Outcome.UNKNOWN_ADDRESS),
        (Phase.RCPT, 552, "5.2.2 mailbox full", Outcome.REFUSED),
        (Phase.RCPT, 451, "4.7.1 greylisted", Outcome.RETRY),
        (Phase.RCPT, 421, "4.3.2 shutting down", Outcome.RELAY_ILL),
        (Phase.DATA, 451, "", Outcome.RETRY),
        (Phase.DOT, 451, "", Outcome.RETRY),
        (Phase.DOT, 552, "too large", Outcome.REFUSED),
        (Phase.DOT, 554, "spam", Outcome.REFUSED),
        (Phase.DATA, 0, "dropped", Outcome.RELAY_ILL),
        (Phase.DOT, 0, "dropped", Outcome.UNCERTAIN),
    ],
)
def test_the_outcome_follows_from_the_phase_and_the_answer(phase, code, words, outcome):
    assert judge(phase, code, words) == outcome
