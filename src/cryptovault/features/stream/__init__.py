"""Live data: Socket.IO rooms and plain WebSockets."""
