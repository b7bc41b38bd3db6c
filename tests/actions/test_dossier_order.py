from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict
from docx.opc.exceptions import PackageNotFoundError

from commitments.actions.dossier_order import (
    LEASE,
    MOST_OPEN,
    NotOursError,
    Progress,
    cancel_order,
    claim_order,
    make_next,
    order_dossier,
    remove_expired,
    sweep_orders,
)
from commitments.actions.people import deactivate
from commitments.domain.codes import Role
from commitments.exchange.dossier_file import asked_for
from commitments.models import Commitment, DossierOrder, OrderFault, OrderState, User
from tests.make import AT, TODAY, make_assignment, make_body, make_commitment, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def commitment():
    commitment = make_commitment()
    make_assignment(commitment, "TR")
    make_assignment(commitment, "MY")
    return commitment


@pytest.fixture
def reader():
    return make_user(Role.READER, body=make_body("TR"))


def ordered(commitment, person, query="format=docx", at=AT):
    asked = asked_for(QueryDict(query), commitment.statement, person, today=TODAY, language="en")
    assert asked.is_valid
    return order_dossier(asked, by=person, at=at)


def clock():
    return AT + DAY / 24


def test_what_is_ordered_is_made_and_kept_with_its_digest(commitment, reader):
    order = ordered(commitment, reader, "format=docx&edition=own")

    assert make_next(clock)

    order.refresh_from_db()
    assert (order.state, order.done, order.total) == (OrderState.READY, 1, 1)
    assert order.content[:2] == b"PK"
    assert order.name == f"{commitment.statement.slug}-TR-2026-11-24.docx"
    assert len(order.sha256) == 64
    assert order.size == len(order.content)
    assert not make_next(clock)


def test_a_double_click_is_one_order(commitment, reader):
    first = ordered(commitment, reader, "format=pdf&edition=own&language=en")
    second = ordered(commitment, reader, "language=en&edition=own&format=pdf", at=AT + timedelta(seconds=1))

    assert first == second
    make_next(clock)
    assert ordered(commitment, reader, "format=pdf&edition=own", at=AT + timedelta(seconds=30)) == first
    assert ordered(commitment, reader, "format=pdf&edition=own", at=AT + timedelta(minutes=2)) != first


def test_nobody_has_more_than_a_few_made_at_a_time(commitment, reader):
    for language in ("en", "tr", "ms"):
        ordered(commitment, reader, f"format=pdf&language={language}")
    assert DossierOrder.objects.open().count() == MOST_OPEN

    with pytest.raises(ValidationError, match="being made already"):
        ordered(commitment, reader, "format=docx")


def test_what_a_dead_worker_left_is_made_once_more_and_then_has_failed(commitment, reader):
    order = ordered(commitment, reader)
    claim_order(AT)
    assert sweep_orders(AT + LEASE / 2) == 0

    assert sweep_orders(AT + 2 * LEASE) == 1
    order.refresh_from_db()
    assert order.state == OrderState.WAITING
    claim_order(AT + 2 * LEASE)
    assert sweep_orders(AT + 4 * LEASE) == 1

    order.refresh_from_db()
    assert (order.state, order.fault, order.lease_until) == (OrderState.FAILED, OrderFault.STOPPED, None)
    assert ordered(commitment, reader) != order


def test_a_worker_that_was_taken_for_dead_writes_nothing_more(commitment, reader):
    order = ordered(commitment, reader)
    late = claim_order(AT)
    sweep_orders(AT + 2 * LEASE)

    assert make_next(clock)
    progress = Progress(late, clock, 1)

    with pytest.raises(NotOursError):
        progress.tell(1)
    order.refresh_from_db()
    assert order.state == OrderState.READY


def test_each_sign_of_progress_renews_the_lease(commitment, reader):
    order = ordered(commitment, reader)
    claim = claim_order(AT)

    Progress(claim, lambda: AT + LEASE, 7).tell(3)

    order.refresh_from_db()
    assert (order.done, order.total, order.lease_until) == (3, 7, AT + 2 * LEASE)
    assert sweep_orders(AT + LEASE + LEASE / 2) == 0


def test_what_was_cancelled_is_not_made(commitment, reader):
    order = ordered(commitment, reader)
    with pytest.raises(PermissionDenied):
        cancel_order(order, by=make_user(Role.COORDINATOR, body=make_body("TR")), at=AT)

    cancel_order(order, by=reader, at=AT)

    assert not make_next(clock)
    order.refresh_from_db()
    assert (order.state, order.ended_at) == (OrderState.CANCELLED, AT)


def test_an_account_that_was_closed_meanwhile_gets_no_file(commitment, reader):
    order = ordered(commitment, reader, "format=docx&edition=own")
    deactivate(reader, by=make_user(Role.COORDINATOR, body=make_body("TR")), at=AT)

    make_next(clock)

    order.refresh_from_db()
    assert (order.state, order.fault, order.content) == (OrderState.FAILED, OrderFault.NOT_ALLOWED, None)


def test_who_changed_sides_meanwhile_gets_neither_file_nor_order(commitment, reader):
    order = ordered(commitment, reader, "format=docx&edition=own")
    User.objects.filter(pk=reader.pk).update(body=make_body("MY"))

    make_next(clock)

    order.refresh_from_db()
    assert order.fault == OrderFault.NOT_ALLOWED
    assert not DossierOrder.objects.visible_to(User.objects.get(pk=reader.pk)).exists()


def test_an_error_leaves_the_order_to_the_next_sweep(commitment, reader, settings):
    order = ordered(commitment, reader)
    settings.DOSSIER_TEMPLATE = "/nowhere.docx"

    with pytest.raises(PackageNotFoundError):
        make_next(clock)

    assert sweep_orders(clock()) == 1
    order.refresh_from_db()
    assert order.state == OrderState.WAITING


def test_the_scope_is_made_as_it_is_by_then(commitment, reader):
    order = ordered(commitment, reader)
    make_assignment(make_commitment(commitment.statement), "TR")

    make_next(clock)

    order.refresh_from_db()
    assert Commitment.objects.count() == order.total == order.done == 2


def test_files_are_deleted_once_they_are_kept_no_longer(commitment, reader, settings):
    order = ordered(commitment, reader)
    make_next(clock)

    assert remove_expired(AT + settings.DOSSIER_KEPT_DAYS * DAY) == 0
    assert remove_expired(clock() + (settings.DOSSIER_KEPT_DAYS + 1) * DAY) == 1
    assert not DossierOrder.objects.filter(pk=order.pk).exists()
