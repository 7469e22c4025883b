"""The listening socket of the API: bound here, or inherited from a supervisor that keeps it open across restarts."""

import os
import socket
import sys

from cryptovault.settings import Settings

# Set by the supervisor: the number of the open file that is the bound socket.
LISTENER_FD = "CRYPTOVAULT_LISTENER_FD"


def listening_socket(settings: Settings) -> socket.socket:
    """The socket this process shall serve; raises OSError if the address cannot be had."""
    inherited = os.environ.get(LISTENER_FD)
    return socket.socket(fileno=int(inherited)) if inherited else bind(settings)


def bind(settings: Settings, *, share: bool = False) -> socket.socket:
    """A socket on the configured address, not yet listening; `share` lets several sockets split one port's callers."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if share:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind((settings.host, settings.port))
    except OSError:
        listener.close()
        raise
    return listener


def bind_for_workers(settings: Settings) -> list[socket.socket]:
    """One socket for each of `settings.workers`.

    Linux spreads callers evenly over sockets that share a port, where one shared socket would favour one worker.
    Other systems do not spread them, so there the workers share one.
    """
    if settings.workers == 1 or sys.platform != "linux":
        return [bind(settings)] * settings.workers
    bind(settings).close()  # sharing would also succeed beside another program of the same user
    return [bind(settings, share=True) for _ in range(settings.workers)]
