"""What all price sources cost: sixty markets judged each second, asked for at their real pace from loopback.

    python bench/price_sources.py [--seconds 20]

CPU is that of this process alone (requests, parsing, judging), as a share of one core.
"""

import argparse
import asyncio
import subprocess
import sys
import time
from pathlib import Path
from statistics import quantiles

from pydantic import SecretStr

from cryptovault.infra.clock import SystemClock
from cryptovault.infra.feeds.build import build_desk
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.infra.feeds.desk import PriceDesk
from cryptovault.settings import Environment, Settings

SERVER = Path(__file__).resolve().parent.parent / "tests" / "fixtures" / "feed_server.py"
PORT = 8397


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    command = [sys.executable, str(SERVER), "--port", str(PORT)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: ASYNC220 - once, before anything else
    try:
        assert server.stdout is not None
        addresses = dict(server.stdout.readline().strip().lower().split("=") for _ in range(5))
        urls = {name: address for name, address in addresses.items() if name.endswith("_url")}
        settings = Settings(_env_file=None, environment=Environment.TEST, coincap_api_key=SecretStr("a-key"), **urls)
        desk, _ = build_desk(settings, load_catalog().listings, SystemClock())
        await desk.start()
        await measure(desk, options.seconds)
        await desk.close()
    finally:
        server.terminate()
        server.wait()


async def measure(desk: PriceDesk, seconds: int) -> None:
    """Tick once a second."""
    await asyncio.sleep(3)  # each source has learned its pairs
    ticks = []
    began, cpu = time.monotonic(), time.process_time()
    for _ in range(seconds):
        started = time.perf_counter()
        tick = desk.tick()
        ticks.append((time.perf_counter() - started) * 1_000)
        await asyncio.sleep(max(0.0, 1.0 - (time.perf_counter() - started)))
    share = (time.process_time() - cpu) / (time.monotonic() - began)
    print(f"markets with a price           {len(tick.prices):6d} of {len(load_catalog().listings)}")
    print(f"used for the last tick         {tick.name}")
    print(f"one tick, median / 95th        {quantiles(ticks, n=20)[9]:6.1f} / {quantiles(ticks, n=20)[18]:.1f} ms")
    print(f"CPU of prices, of one core     {share:6.1%}")


if __name__ == "__main__":
    asyncio.run(main())
