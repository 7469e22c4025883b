"""Three ways to send durable orders: one by one, in batches of 50, and over a WebSocket with 100 under way.

    python bench/order_entry.py [--connections 1 8 128] [--seconds 4] [--rounds 3]

One API worker, one engine, a real journal (w: majority, journaled). Even users buy and odd users sell at one price, so
of many connections half the orders trade. Rounds alternate, medians are compared; the ratios are to orders sent one by
one on as many connections.
"""

import argparse
import statistics

import uvloop

import http_load
import ws_load
from post_orders import order_request
from served import Member, exchange

BATCH = 50
IN_FLIGHT = 100


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8, 128])
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    print("                     orders/s                        ratio             p50 of a request (ms)")
    print("connections   single    batch   socket     batch    socket      single     batch    socket")
    uvloop.run(compare(parser.parse_args()))


async def compare(options: argparse.Namespace) -> None:
    """All numbers of connections on one set of processes."""
    async with exchange(workers=1, members=max(options.connections), projector=False) as running:
        port, members = running.settings.port, running.members
        singles = [order_request(number, member) for number, member in enumerate(members)]
        batches = [batch_request(number, member) for number, member in enumerate(members)]
        texts, tokens = [message(number) for number in range(len(members))], [member.token for member in members]
        first = 0
        for connections in options.connections:
            rows: list[list[http_load.Result]] = [[], [], []]
            for _ in range(options.rounds):
                for place, requests in enumerate((singles, batches, texts)):
                    first += 1_000_000
                    plan = http_load.Plan(port, connections, options.seconds, requests, first)
                    over_socket = requests is texts
                    sent = (
                        await ws_load.measure(ws_load.WsPlan(plan, tokens, IN_FLIGHT))
                        if over_socket
                        else await http_load.measure(plan)
                    )
                    rows[place].append(sent)
            report(connections, rows)


def report(connections: int, rows: list[list[http_load.Result]]) -> None:
    """One line of the table; anything but a verdict of 200 or 201 is a failed bench."""
    for row in rows:
        assert all(set(load.statuses) <= {200, 201} for load in row), [(load.statuses, load.refusal) for load in row]
    rates = [statistics.median(load.per_second for load in row) for row in rows]
    rates[1] *= BATCH
    waits = [statistics.median(load.p50 for load in row) for row in rows]
    print(
        f"{connections:11}  {rates[0]:7.0f}  {rates[1]:7.0f}  {rates[2]:7.0f}   {rates[1] / rates[0]:7.1f}"
        f"   {rates[2] / rates[0]:7.1f}     {waits[0]:7.1f}   {waits[1]:7.1f}   {waits[2]:7.1f}",
        flush=True,
    )


def batch_request(number: int, member: Member) -> bytes:
    """Fifty of the orders that are sent one by one, each with a key of its own."""
    side = ("buy", "sell")[number % 2]
    orders = ",".join(
        f'{{"market":"BTC-USDT","side":"{side}","type":"limit","price":"65000","qty":"0.001",'
        f'"client_order_id":"bench-########-{place}"}}'
        for place in range(BATCH)
    )
    body = f'{{"orders":[{orders}]}}'.encode()
    head = (
        "POST /api/v1/orders/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Origin: http://localhost\r\nX-CSRF-Token: {member.csrf}\r\n"
        f"Cookie: access_token={member.token}; csrf_token={member.csrf}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def message(number: int) -> bytes:
    """The same order as a message; its number is its id."""
    side = ("buy", "sell")[number % 2]
    return (
        f'{{"id":1########,"method":"place","params":{{"market":"BTC-USDT","side":"{side}","type":"limit",'
        f'"price":"65000","qty":"0.001","client_order_id":"bench-########"}}}}'
    ).encode()


if __name__ == "__main__":
    main()
