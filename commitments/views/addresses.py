"""Addresses that a form or a header asks to go back to: followed only where they are our own."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def own_address(request: HttpRequest, asked: str) -> str:
    """The address as asked where it leads to this site, from its root; empty where it does not."""
    own = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if own and asked.startswith(("/", "http://", "https://")) else ""
