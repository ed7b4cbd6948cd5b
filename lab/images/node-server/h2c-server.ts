import type { Server } from "node:http";
import { createServer, type ServerHttp2Session } from "node:http2";
import type { Handler } from "./handle.ts";

/** HTTP/2 without TLS. Its close() lets the streams in hand end, and then the sessions. */
export function createH2cServer(handler: Handler): Server {
  // What the compatibility API hands over is enough of a request and a response for this application.
  const server = createServer(handler as never);
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  const close = server.close.bind(server);
  server.close = (done) => {
    for (const session of sessions) session.close();
    return close(done);
  };
  return server as unknown as Server;
}
