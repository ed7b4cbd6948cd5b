import { createSocket } from "node:dgram";

const codes = { "not-found": 3, failure: 2, refused: 5 } as const;

/** A DNS server on 127.0.0.53 that gives every question the same sad answer, or none. */
export function startResolver(answer: "not-found" | "failure" | "refused" | "silent"): void {
  const socket = createSocket("udp4");
  socket.on("message", (question, from) => {
    if (answer === "silent") return;
    const reply = Buffer.from(question);
    reply.writeUInt16BE(0x8180 | codes[answer], 2);
    socket.send(reply, from.port, from.address);
  });
  socket.bind(53, "127.0.0.53");
  socket.unref();
}
