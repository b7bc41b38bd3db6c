"""Evidence in a bucket, against a real S3 server: as on a disk, and never by a link of its own."""

import sys

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation, ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from commitments.actions.progress import NewEvidence, NewNote, record_progress
from commitments.domain.codes import Role, Visibility
from commitments.exchange.bucket import BucketAwayError, BucketStorage, ScannedBucketStorage
from commitments.exchange.uploads import store
from commitments.models import StoredFile
from statement_tracker import environment
from tests import servers
from tests.make import AT, make_assignment, make_body, make_user
from tests.views.kit import browser_of

ROWS = pytest.mark.django_db
REGION = "us-east-1"
KEYS = {"key": "tracker", "secret": "a secret for tests"}


@pytest.fixture(autouse=True)
def clock():
    """The real clock: requests to the server are signed with the time."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of an S3 server, in a process of its own."""
    port = servers.free_port()
    folder = tmp_path_factory.mktemp("s3")
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with servers.process(command, folder / "s3.log", cwd=folder):
        servers.wait_until(lambda: servers.answers(port), 60, "the S3 server starts")
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def place(server):
    """An empty bucket, as the settings name it."""
    client = boto3.client(
        "s3",
        endpoint_url=server,
        region_name=REGION,
        aws_access_key_id=KEYS["key"],
        aws_secret_access_key=KEYS["secret"],
    )
    client.create_bucket(Bucket="evidence")
    yield {"bucket": "evidence", "prefix": "tracker/", "endpoint": server, "region": REGION, **KEYS}
    for entry in client.list_objects_v2(Bucket="evidence").get("Contents", ()):
        client.delete_object(Bucket="evidence", Key=entry["Key"])
    client.delete_bucket(Bucket="evidence")


@pytest.fixture
def bucket(place):
    return BucketStorage(**place)


@pytest.fixture
def in_service(place, settings):
    """The product with its evidence in the bucket."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "commitments.exchange.bucket.BucketStorage", "OPTIONS": place}
    }
    return BucketStorage(**place)


def note_with_file(assignment, *, content=b"A report", visibility=Visibility.BOTH):
    officer = make_user(body=assignment.lead)
    file = store(SimpleUploadedFile("report.txt", content), at=AT)
    new = NewNote("With a file", visibility=visibility, evidence=[NewEvidence("report.txt", file=file)])
    return record_progress(assignment, new, by=officer, at=AT).evidence.get()


def test_what_is_saved_is_read_found_and_deleted(bucket):
    content = b"A report. " * 300_000

    assert bucket.save("one", ContentFile(content)) == "one"

    assert bucket.open("one").read() == content
    assert bucket.exists("one")
    assert bucket.size("one") == len(content)
    assert bucket.listdir("") == ([], ["one"])
    bucket.delete("one")
    assert not bucket.exists("one")
    with pytest.raises(FileNotFoundError):
        bucket.open("one")


def test_it_stays_under_its_prefix(bucket, place):
    bucket.save("one", ContentFile(b"x"))

    assert BucketStorage(**place | {"prefix": ""}).listdir("") == (["tracker"], [])
    assert BucketStorage(**place | {"prefix": "elsewhere/"}).listdir("") == ([], [])
    with pytest.raises(SuspiciousOperation):
        bucket.open("../one")


def test_a_file_has_no_link(bucket):
    bucket.save("one", ContentFile(b"x"))

    with pytest.raises(NotImplementedError):
        bucket.url("one")


def test_a_server_that_is_away_or_without_the_bucket_is_an_error_of_the_disk(place):
    away = place | {"endpoint": f"http://127.0.0.1:{servers.free_port()}"}

    for wrong in (away, place | {"bucket": "nowhere"}):
        with pytest.raises((BucketAwayError, FileNotFoundError)):
            BucketStorage(**wrong).save("one", ContentFile(b"x"))


@ROWS
def test_the_same_content_is_stored_once(in_service):
    first, second = (store(SimpleUploadedFile(name, b"A report"), at=AT) for name in ("a.txt", "b.txt"))

    assert first == second
    assert in_service.listdir("") == ([], [first.name])


@ROWS
def test_a_file_is_handed_out_by_the_product_to_those_who_may_read_the_note(in_service):
    ours = make_assignment()
    shared = note_with_file(ours)
    ours.refresh_from_db()
    own = note_with_file(ours, content=b"canary", visibility=Visibility.OWN)
    other = browser_of(make_user(Role.COORDINATOR, body=make_body("MY")))

    handed = other.get(reverse("evidence_file", args=[shared.pk]))

    assert handed.status_code == 200
    assert b"".join(handed.streaming_content) == b"A report"
    assert handed["Content-Length"] == "8"
    assert handed["Content-Disposition"].startswith("attachment")
    assert handed["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert other.get(reverse("evidence_file", args=[own.pk])).status_code == 404
    assert Client().get(reverse("evidence_file", args=[shared.pk])).status_code == 302


@ROWS
def test_a_bucket_that_is_away_keeps_the_note_and_says_so(place, settings):
    away = place | {"endpoint": f"http://127.0.0.1:{servers.free_port()}"}
    backend = "commitments.exchange.bucket.BucketStorage"
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": backend, "OPTIONS": place}}
    evidence = note_with_file(make_assignment())
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": backend, "OPTIONS": away}}

    with pytest.raises(ValidationError) as refusal:
        store(SimpleUploadedFile("other.txt", b"Another"), at=AT)
    page = browser_of(evidence.note.by).get(reverse("evidence_file", args=[evidence.pk]))

    assert refusal.value.code == "not_stored"
    assert StoredFile.objects.count() == 1
    assert page.status_code == 503
    assert "does not answer" in page.content.decode()


def test_a_file_in_a_bucket_waits_for_the_scanner_too(place, settings):
    settings.CLAMAV_ADDRESS = f"tcp://127.0.0.1:{servers.free_port()}"
    storage = ScannedBucketStorage(**place)

    storage.save("one", ContentFile(b"A report"))
    storage.save("one", ContentFile(b"A report"))

    assert not storage.exists("one")
    assert storage.listdir("aside") == ([], ["one"])
    assert storage.look_again() == {}


def test_the_setting_names_bucket_and_scanner():
    rest = {"endpoint": "https://s3.example.gov", "region": "", **KEYS}

    folder, plain, scanned = (
        environment.evidence_storage(name, prefix="/a/", scanned=scanned, **rest)
        for name, scanned in (("", False), ("evidence", False), ("evidence", True))
    )

    assert folder == {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    assert plain["BACKEND"].endswith(".BucketStorage")
    assert BucketStorage(**plain["OPTIONS"]).prefix == "a/"
    assert scanned["BACKEND"].endswith(".ScannedBucketStorage")


@pytest.mark.parametrize("address", ["http://s3.example.gov", "s3.example.gov", "ftp://127.0.0.1"])
def test_plain_http_to_another_machine_is_refused(address):
    with pytest.raises(ImproperlyConfigured, match="S3_ENDPOINT"):
        environment.evidence_storage("evidence", prefix="", endpoint=address, region="", scanned=False, **KEYS)
