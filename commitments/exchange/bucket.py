"""Stored files in a bucket of an S3-compatible server: read and written by this product alone, never by a link."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any, NoReturn

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

from commitments.exchange.scanned_storage import Scanning

NOT_THERE = 404
WAITS = {"connect_timeout": 5, "read_timeout": 30, "retries": {"mode": "standard", "total_max_attempts": 2}}
PLAIN = {  # what every S3-compatible server understands: no checksums in trailers, no bucket in the host name
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
    "s3": {"addressing_style": "path"},
}


class BucketAwayError(OSError):
    """The server of the bucket does not answer, or refuses."""


@contextmanager
def answers() -> Iterator[None]:
    """A server's refusal as the error that a disk would give: FileNotFoundError, or BucketAwayError."""
    try:
        yield
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == NOT_THERE:
            raise FileNotFoundError(str(error)) from error
        raise BucketAwayError(str(error)) from error
    except BotoCoreError as error:
        raise BucketAwayError(str(error)) from error


@deconstructible
class BucketStorage(Storage):
    """Files as objects under `prefix`; objects get no access rule of their own, so the bucket's (private) holds."""

    def __init__(
        self, *, bucket: str, prefix: str = "", endpoint: str = "", region: str = "", key: str = "", secret: str = ""
    ) -> None:
        self.bucket, self.prefix = bucket, prefix
        self.place = {"endpoint_url": endpoint or None, "region_name": region or None}
        self.keys = {"aws_access_key_id": key or None, "aws_secret_access_key": secret or None}

    @cached_property
    def client(self) -> BaseClient:
        """Made at the first use, in the process that uses it; its methods may be called by any thread."""
        return boto3.session.Session().client("s3", **self.place, **self.keys, config=Config(**WAITS, **PLAIN))

    def at(self, name: str) -> dict[str, str]:
        if ".." in name.split("/"):
            raise SuspiciousOperation(f"no name of a stored file: {name!r}")
        return {"Bucket": self.bucket, "Key": self.prefix + name}

    def _open(self, name: str, mode: str = "rb") -> File:
        """The bytes as they arrive; nothing is kept on this machine."""
        with answers():
            return File(self.client.get_object(**self.at(name))["Body"], name)

    def _save(self, name: str, content: File) -> str:
        content.seek(0)
        with answers():
            self.client.put_object(**self.at(name), Body=content.file, ContentType="application/octet-stream")
        return name

    def delete(self, name: str) -> None:
        with answers():
            self.client.delete_object(**self.at(name))

    def exists(self, name: str) -> bool:
        try:
            self._head(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        return self._head(name)["ContentLength"]

    def get_modified_time(self, name: str) -> datetime:
        return self._head(name)["LastModified"]

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Folders and files in a folder ("" is the first); a folder that is not there is empty."""
        start = self.prefix + (f"{path}/" if path else "")
        folders, files = [], []
        with answers():
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=start, Delimiter="/"
            )
            for page in pages:
                folders += [entry["Prefix"].removeprefix(start).rstrip("/") for entry in page.get("CommonPrefixes", ())]
                files += [entry["Key"].removeprefix(start) for entry in page.get("Contents", ())]
        return folders, files

    def url(self, name: str | None) -> NoReturn:
        raise NotImplementedError("Stored files have no address of their own: they are handed out by `evidence_file`.")

    def _head(self, name: str) -> dict[str, Any]:
        with answers():
            return self.client.head_object(**self.at(name))


class ScannedBucketStorage(Scanning, BucketStorage):
    """The same with a virus scanner that is asked first."""
