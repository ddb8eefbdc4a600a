"""A side: what is measured beside the others, by its processes and where they answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Side:
    """One side: its name, its addresses, its processes, and the token it asks for.

    Clients share themselves out evenly over the addresses. What both we and a peer work with, such
    as the database, is in `beneath`.
    """

    name: str
    addresses: tuple[str, ...]
    pids: tuple[int, ...]
    beneath: tuple[int, ...] = ()
    token: str = ""
