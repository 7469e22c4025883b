"""Durable POST /api/v1/orders against a FastAPI route that does nothing, on the same number of workers.

    python bench/post_orders.py [--workers 1 2] [--connections 32 128 256] [--seconds 4] [--rounds 3] [--projector]

The order route authenticates by cookie, checks CSRF, counts its rate class, logs, and answers when the journal
batch is durable (w: majority, journaled). Half of the orders meet one another and trade. The other route is a plain
FastAPI application that decodes the same body with pydantic and returns two fields: no authentication, no
middleware, no log. Both are served by uvicorn with uvloop and httptools; rounds alternate, medians are compared.
"""

import argparse
import contextlib
import os
import socket
import statistics
import subprocess
import sys
from collections.abc import Iterator
from typing import NamedTuple

import psutil
import uvicorn
import uvloop
from fastapi import FastAPI

import http_load
from cryptovault.features.orders.bodies import OrderCreate
from cryptovault.infra.listener import bind_for_workers
from cryptovault.settings import Settings
from served import Member, exchange, free_port

_SERVE_NOTHING = "--serve-nothing"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--connections", type=int, nargs="+", default=[32, 128, 256])
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--projector", action="store_true", help="let the projector work on the same cores meanwhile")
    parser.add_argument(_SERVE_NOTHING, type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve_nothing is not None:
        serve_nothing(options.serve_nothing)
        return
    print("                                                    of an order (ms)   worker's CPU (us) for each")
    print("workers  connections   nothing/s   orders/s   ratio      p50       p99      nothing       order")
    for workers in options.workers:
        uvloop.run(compare(workers, options))


class Sample(NamedTuple):
    """One round: what the clients saw, and how much processor time the workers spent on each request."""

    load: http_load.Result
    cpu_us: float


async def compare(workers: int, options: argparse.Namespace) -> None:
    """All numbers of connections on one set of processes."""
    most = max(options.connections)
    async with exchange(workers=workers, members=most, projector=options.projector) as running:
        with nothing_served(workers) as (port, pids):
            orders = [order_request(number, member) for number, member in enumerate(running.members)]
            numbers = 0
            for connections in options.connections:
                idle, busy = [], []
                for _ in range(options.rounds):
                    plan = http_load.Plan(port, connections, options.seconds, [nothing_request()])
                    idle.append(await sample(plan, pids))
                    plan = http_load.Plan(running.settings.port, connections, options.seconds, orders, numbers)
                    busy.append(await sample(plan, running.api_pids))
                    numbers += 1_000_000
                report(workers, connections, idle, busy)


async def sample(plan: http_load.Plan, pids: list[int]) -> Sample:
    """Run a plan and read the workers' processor time before and after."""
    before = processor_seconds(pids)
    load = await http_load.measure(plan)
    return Sample(load, (processor_seconds(pids) - before) / load.total * 1e6)


def processor_seconds(pids: list[int]) -> float:
    """User and system time of some processes."""
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids)


def report(workers: int, connections: int, idle: list[Sample], busy: list[Sample]) -> None:
    """One line of the table; anything but 201 is a failed bench."""
    assert all(set(row.load.statuses) == {201} for row in busy), [(row.load.statuses, row.load.refusal) for row in busy]
    nothing = statistics.median(row.load.per_second for row in idle)
    orders = statistics.median(row.load.per_second for row in busy)
    p50 = statistics.median(row.load.p50 for row in busy)
    p99 = statistics.median(row.load.p99 for row in busy)
    idle_cpu, busy_cpu = (statistics.median(row.cpu_us for row in rows) for rows in (idle, busy))
    print(
        f"{workers:7}  {connections:11}  {nothing:10.0f}  {orders:9.0f}   {orders / nothing:5.2f}"
        f"   {p50:6.1f}   {p99:7.1f}   {idle_cpu:10.0f}  {busy_cpu:10.0f}",
        flush=True,
    )


def order_request(number: int, member: Member) -> bytes:
    """What a browser would send: even users buy, odd users sell, at one price."""
    side = ("buy", "sell")[number % 2]
    body = (
        f'{{"market":"BTC-USDT","side":"{side}","type":"limit","price":"65000","qty":"0.001",'
        f'"client_order_id":"bench-########"}}'
    ).encode()
    head = (
        "POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Origin: http://localhost\r\nX-CSRF-Token: {member.csrf}\r\n"
        f"Cookie: access_token={member.token}; csrf_token={member.csrf}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def nothing_request() -> bytes:
    """The same body, without who sends it."""
    body = (
        b'{"market":"BTC-USDT","side":"buy","type":"limit","price":"65000","qty":"0.001",'
        b'"client_order_id":"bench-########"}'
    )
    head = b"POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


@contextlib.contextmanager
def nothing_served(workers: int) -> Iterator[tuple[int, list[int]]]:
    """The route that does nothing, on `workers` processes that share a port; the value is the port and their pids."""
    settings = Settings(_env_file=None, port=free_port(), workers=workers)
    processes = []
    for listener in bind_for_workers(settings):
        fd = listener.fileno()
        argv = [sys.executable, __file__, _SERVE_NOTHING, str(fd)]
        processes.append(subprocess.Popen(argv, pass_fds=(fd,)))
        listener.close()
    try:
        wait_for(settings.port)
        yield settings.port, [process.pid for process in processes]
    finally:
        for process in processes:
            process.terminate()
            process.wait(10)


def wait_for(port: int) -> None:
    """Return once somebody accepts connections."""
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return


def serve_nothing(fd: int) -> None:
    """A worker of the plain application."""
    app = FastAPI()

    @app.post("/nothing", status_code=201)
    async def nothing(order: OrderCreate) -> dict[str, str]:
        return {"market": order.market, "status": "open"}

    config = uvicorn.Config(app, http="httptools", log_config=None, access_log=False, backlog=4096, lifespan="off")
    uvloop.run(uvicorn.Server(config).serve(sockets=[socket.socket(fileno=fd)]))


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
