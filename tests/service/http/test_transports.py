"""Head and body of an answer leave in one write; whatever else is written leaves as it comes."""

import asyncio
from typing import Any
from unittest.mock import Mock

import pytest

from service.http.transports import GatheringTransport

LARGE = b"x" * 40_000


@pytest.fixture
def beneath() -> Mock:
    """The transport that is written to."""
    return Mock(spec=asyncio.Transport)


@pytest.fixture
async def transport(beneath: Mock) -> GatheringTransport:
    return GatheringTransport(beneath, asyncio.get_running_loop())


def written(beneath: Mock) -> list[bytes]:
    return [call.args[0] for call in beneath.write.call_args_list]


async def test_what_is_written_in_one_turn_leaves_together(
    transport: GatheringTransport, beneath: Mock
) -> None:
    transport.write(b"head")
    transport.write(bytearray(b"body"))
    assert written(beneath) == []

    await asyncio.sleep(0)
    assert written(beneath) == [b"headbody"]

    transport.writelines([b"next", b" one"])
    await asyncio.sleep(0)
    assert written(beneath) == [b"headbody", b"next one"]


async def test_much_leaves_at_once(transport: GatheringTransport, beneath: Mock) -> None:
    transport.write(LARGE)
    transport.write(LARGE)

    assert written(beneath) == [LARGE + LARGE]
    await asyncio.sleep(0)
    assert len(written(beneath)) == 1


async def test_closing_leaves_nothing_behind(transport: GatheringTransport, beneath: Mock) -> None:
    transport.write(b"last words")
    transport.close()

    assert [call[0] for call in beneath.method_calls] == ["write", "close"]
    await asyncio.sleep(0)
    assert written(beneath) == [b"last words"]


async def test_a_connection_that_is_broken_off_writes_nothing_more(
    transport: GatheringTransport, beneath: Mock
) -> None:
    transport.write(b"unsaid")
    transport.abort()

    await asyncio.sleep(0)

    assert [call[0] for call in beneath.method_calls] == ["abort"]


async def test_another_protocol_writes_as_it_comes(
    transport: GatheringTransport, beneath: Mock
) -> None:
    transport.write(b"switching")
    transport.set_protocol(asyncio.Protocol())
    transport.write(b"one")
    transport.write(b"two")

    assert written(beneath) == [b"switching", b"one", b"two"]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("is_closing", ()),
        ("get_extra_info", ("peername", None)),
        ("get_protocol", ()),
        ("pause_reading", ()),
        ("resume_reading", ()),
    ],
)
async def test_the_rest_is_asked_of_the_transport_beneath(
    transport: GatheringTransport, beneath: Mock, name: str, arguments: tuple[Any, ...]
) -> None:
    answer = getattr(transport, name)(*arguments)

    getattr(beneath, name).assert_called_once_with(*arguments)
    assert answer is None or answer is getattr(beneath, name).return_value
