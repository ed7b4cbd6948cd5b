"""An application of the lab on Python's standard library alone.

Its environment says what it does: PORT, LISTEN (POD_IP), PROTOCOL (HTTP/1.0 or HTTP/1.1), SHUTDOWN
(graceful | abrupt | ignore), LATENCY_MS, SLOW_PATH with SLOW_MS, STATUS, BODY_BYTES, THREADS (0: one at a
time), OPEN_FILES (limit), TIMEOUT_MS (idle connections), HEALTH.
"""

import os
import resource
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer

env = os.environ.get
port = int(env("PORT", "8000"))
host = env("LISTEN", env("POD_IP", "0.0.0.0"))
latency = float(env("LATENCY_MS", "0")) / 1000
slow_path, slow = env("SLOW_PATH", ""), float(env("SLOW_MS", "0")) / 1000
status, size = int(env("STATUS", "200")), int(env("BODY_BYTES", "0"))
health = env("HEALTH", "/healthz")


class Handler(BaseHTTPRequestHandler):
    protocol_version = env("PROTOCOL", "HTTP/1.0")
    timeout = float(env("TIMEOUT_MS", "0")) / 1000 or None

    def answer(self):
        path = self.path.split("?")[0]
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if path == health:
            return self.reply(200, b"ok\n")
        time.sleep(slow if path == slow_path else latency)
        self.reply(status, b"ok\n".ljust(size))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

    def reply(self, code, body):
        self.send_response(code)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class Server(ThreadingHTTPServer if env("THREADS", "1") != "0" else HTTPServer):
    # Graceful: the end waits for the requests in hand.
    daemon_threads = env("SHUTDOWN", "graceful") != "graceful"


def on_sigterm(server):
    def end(_signal, _frame):
        if env("SHUTDOWN") == "abrupt":
            os._exit(143)
        print("Received SIGTERM, shutting down", file=sys.stderr, flush=True)
        threading.Thread(target=server.shutdown).start()

    return end


def main():
    if env("OPEN_FILES"):
        resource.setrlimit(resource.RLIMIT_NOFILE, (int(env("OPEN_FILES")),) * 2)
    server = Server((host, port), Handler)
    ignored = env("SHUTDOWN") == "ignore"
    signal.signal(signal.SIGTERM, signal.SIG_IGN if ignored else on_sigterm(server))
    print(f"Serving HTTP on {host} port {port} (http://{host}:{port}/) ...", flush=True)
    server.serve_forever()
    server.server_close()
    print("Server stopped", file=sys.stderr, flush=True)


main()
