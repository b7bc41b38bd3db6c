"""Middleware of the bench alone: counts the queries of a request that asks for it; costs all others nothing."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

ASK = "Count-Queries"
TOLD = "Queries"


class QueryCount:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if ASK not in request.headers:
            return self.get_response(request)
        counter = Counter()
        with connection.execute_wrapper(counter):
            response = self.get_response(request)
        response[TOLD] = str(counter.number)
        return response


class Counter:
    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.number += 1
        return execute(*arguments)
