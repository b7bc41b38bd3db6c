"""Pieces of pages in the memory of a process: a bounded number of them, each for a bounded time."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Piece = TypeVar("Piece")


class Kept(Generic[Piece]):
    """The newest pieces; the ones that were not asked for longest go first."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self.pieces: OrderedDict[Hashable, tuple[float, Piece]] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Piece]) -> Piece:
        now = time.monotonic()
        with self.lock:
            made_at, found = self.pieces.get(key, (0.0, None))
            if found is not None and now - made_at < self.seconds:
                self.pieces.move_to_end(key)
                return found
        found = make()
        with self.lock:
            self.pieces[key] = (now, found)
            self.pieces.move_to_end(key)
            while len(self.pieces) > self.most:
                self.pieces.popitem(last=False)
        return found

    def clear(self) -> None:
        with self.lock:
            self.pieces.clear()
