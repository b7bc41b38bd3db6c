"""The tracker's own settings, and a header that tells the number of queries to whoever asks for it."""

from statement_tracker.settings import *  # noqa: F403
from statement_tracker.settings import MIDDLEWARE as ITS_OWN

MIDDLEWARE = ["bench.counting.QueryCount", *ITS_OWN]
