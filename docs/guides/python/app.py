"""The sample service in Python, with nothing but its own library. A real one is served by gunicorn or uvicorn; what ECS needs of it is the same."""

import json
import os
import signal
import sys
import threading
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ROUTES = {"/": {"message": "Hello from Amazon ECS"}, "/health": {"status": "ok"}}


def log(message, **fields):
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    # One write for the whole line: print() writes the line end on its own, and another thread can come between.
    sys.stdout.write(json.dumps({"time": now, "level": "info", "message": message, **fields}) + "\n")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        start = time.perf_counter()
        path = self.path.split("?")[0]  # The path alone: query strings carry tokens, and logs are kept for long.
        status = 200 if path in ROUTES else 404
        body = json.dumps(ROUTES.get(path, {"error": "not found"})).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        log("request", method=self.command, path=path, status=status, ms=round((time.perf_counter() - start) * 1000, 1))


class Server(ThreadingHTTPServer):
    request_queue_size = 128  # The default of 5 refuses connections in the first burst.
    daemon_threads = False  # So that server_close() waits for the requests in flight.


server = Server(("", int(os.environ.get("PORT", "8000"))), Handler)
# In a thread of its own: shutdown() waits for the loop that this handler interrupts.
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
log("listening", port=server.server_port)
server.serve_forever()
server.server_close()
log("stopped")
