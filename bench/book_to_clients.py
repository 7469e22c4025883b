"""Book differences, 20 a second, to 1,000 clients on Socket.IO and on plain WebSockets, against `websockets.broadcast`.

    python bench/book_to_clients.py [--clients 1000] [--ticks 100] [--rounds 2]

Measured as in ticks_to_clients.py: from before the publisher's message is unpacked to when a client has read it. The
exchange's side includes what a worker does to be able to give newcomers a snapshot.
"""

import argparse
import time
from zlib import crc32

from ticks_to_clients import Load, compare

RATE = 20
_LEVELS = [[f"{64_000 + level}.5", f"0.{level + 1:05}"] for level in range(4)]
_SIDES = str(_LEVELS).replace("'", '"').replace(" ", "").encode()


def difference(number: int) -> bytes:
    """A `book_delta` of eight levels, as after a market maker has followed the price."""
    place = b'{"market":"BTC-USDT","seq":%d,"prev_seq":%d,' % (number, number - 1)
    return place + b'"bids":%s,"asks":%s,"checksum":2343686810,"at":"%020d"}' % (_SIDES, _SIDES, time.monotonic_ns())


EMPTY = b'{"market":"BTC-USDT","seq":0,"bids":[],"asks":[],"checksum":%d,"at":""}' % crc32(b"|")
DIFFERENCES = Load("book:BTC-USDT", "book_delta", 1 / RATE, ("book", EMPTY), difference)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--ticks", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=2)
    compare(DIFFERENCES, ["broadcast", "straight", "plain"], parser.parse_args())


if __name__ == "__main__":
    main()
