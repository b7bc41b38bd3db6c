"""Counts of requests, for the limits that hold over all web processes."""

from django.db import models


class RequestCount(models.Model):
    """How often somebody did one kind of thing in one minute; an earlier minute's count is begun anew."""

    key = models.CharField(max_length=80, primary_key=True)
    minute = models.BigIntegerField()  # since 1970
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = "request count"
        verbose_name_plural = "request counts"

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
