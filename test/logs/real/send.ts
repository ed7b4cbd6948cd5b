import { connect } from "node:net";

export interface Sent {
  readonly method?: string;
  readonly headers?: string;
  /** Leave after so many milliseconds. */
  readonly leaveAfterMs?: number;
}

/** Sends one request on a connection of its own, byte for byte; resolves with the answer when the connection has ended. */
export function send(port: number, path: string, sent: Sent = {}): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => {
      const request = `${sent.method ?? "GET"} ${path} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\nContent-Length: 0\r\n${sent.headers ?? ""}\r\n`;
      socket.write(Buffer.from(request, "latin1"));
    });
    if (sent.leaveAfterMs !== undefined) setTimeout(() => socket.destroy(), sent.leaveAfterMs);
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
  });
}
