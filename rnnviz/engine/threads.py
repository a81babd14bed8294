"""How many threads linear algebra may use."""

from __future__ import annotations


def limit_threads() -> None:
    """Pin BLAS to one thread for the rest of the process.

    The matrices here are small, so a second thread gains nothing, and costs up to fifty times the run time as
    soon as another process wants its core.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

    threadpool_limits(limits=1, user_api="blas")
