"""One public port in front of Odoo's two.

usage: front_door.py PORT HTTP_PORT GEVENT_PORT

Odoo with worker processes answers web sockets on a port of its own. A browser sends them to
the port of the page, so somebody has to sort them: the first line of a connection decides,
after that bytes are copied in both directions unchanged.
"""

import asyncio
import contextlib
import sys

HOST = "127.0.0.1"
FIRST_LINE_TIMEOUT = 60  # seconds; browsers open connections in reserve


async def copy(reader, writer):
    """Copy bytes until either side ends the connection."""
    with contextlib.suppress(ConnectionError, OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(ConnectionError, OSError):
        writer.write_eof()


async def forward(reader, writer, http_port, gevent_port):
    """Forward one connection to the Odoo process which its first line asks for."""
    first_line = await asyncio.wait_for(reader.readline(), FIRST_LINE_TIMEOUT)
    path = first_line.split(b" ")[1] if first_line.count(b" ") == 2 else b"/"
    port = gevent_port if path.startswith(b"/websocket") else http_port
    odoo_reader, odoo_writer = await asyncio.open_connection(HOST, port)
    try:
        odoo_writer.write(first_line)
        await asyncio.gather(copy(reader, odoo_writer), copy(odoo_reader, writer))
    finally:
        odoo_writer.close()


async def main(port, http_port, gevent_port):
    """Listen until the process is ended."""

    async def handle(reader, writer):
        # The browser went away, or Odoo is restarting: the browser tries again.
        with contextlib.suppress(OSError, ValueError, TimeoutError):
            await forward(reader, writer, http_port, gevent_port)
        writer.close()

    server = await asyncio.start_server(handle, HOST, port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(*map(int, sys.argv[1:4])))
