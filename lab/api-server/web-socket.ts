import { createHash } from "node:crypto";
import type { Duplex } from "node:stream";

/** The server's end of one WebSocket (RFC 6455): whole binary messages in and out. */
export interface WebSocketEnd {
  send(message: Uint8Array): void;
  /** Says goodbye and closes. */
  close(): void;
}

export interface WebSocketListener {
  readonly onMessage: (message: Buffer) => void;
  readonly onClose: () => void;
}

const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** The answer that turns the connection into a WebSocket, RFC 6455 §4.2.2. */
export function upgradeText(key: string, protocol: string | undefined): string {
  const accept = createHash("sha1").update(`${key}${guid}`).digest("base64");
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${accept}`,
    ...(protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

const opcodes = { binary: 2, close: 8, ping: 9, pong: 10 } as const;
const maxMessageBytes = 16 << 20;

/** Speaks WebSocket over a connection that was upgraded; `head` came with the upgrade. */
export function openWebSocket(socket: Duplex, head: Buffer, listener: WebSocketListener): WebSocketEnd {
  let waiting: Buffer = head;
  let parts: Buffer[] = [];
  const take = (): void => {
    for (let frame = readFrame(waiting); frame !== undefined; frame = readFrame(waiting)) {
      waiting = waiting.subarray(frame.sizeBytes);
      if (frame.opcode === opcodes.ping) socket.write(frameOf(opcodes.pong, frame.payload));
      else if (frame.opcode === opcodes.close) end();
      else if (frame.opcode !== opcodes.pong) {
        parts.push(frame.payload);
        if (!frame.isLast) continue;
        listener.onMessage(Buffer.concat(parts));
        parts = [];
      }
    }
    if (waiting.length > maxMessageBytes) socket.destroy();
  };
  const end = (): void => {
    if (!socket.writableEnded) socket.end(frameOf(opcodes.close, Buffer.from([0x03, 0xe8])));
  };
  socket.on("data", (bytes: Buffer) => {
    waiting = Buffer.concat([waiting, bytes]);
    take();
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", listener.onClose);
  // What came with the upgrade is told when the caller has this end in hand.
  queueMicrotask(take);
  return {
    send: (message) => {
      if (!socket.writableEnded) socket.write(frameOf(opcodes.binary, message));
    },
    close: end,
  };
}

interface Frame {
  readonly isLast: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
  /** Of the whole frame. */
  readonly sizeBytes: number;
}

/** One frame from the beginning of `bytes`; undefined while it is not whole (RFC 6455 §5.2). */
function readFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < 2) return undefined;
  const [first = 0, second = 0] = bytes;
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const isMasked = (second & 0x80) !== 0;
  const start = 2 + lengthBytes + (isMasked ? 4 : 0);
  if (bytes.length < start) return undefined;
  const length =
    short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < start + length) return undefined;
  const payload = Buffer.from(bytes.subarray(start, start + length));
  if (isMasked) {
    const mask = bytes.subarray(start - 4, start);
    for (let i = 0; i < payload.length; i++) payload[i]! ^= mask[i % 4]!;
  }
  return { isLast: (first & 0x80) !== 0, opcode: first & 0x0f, payload, sizeBytes: start + length };
}

function frameOf(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  const first = 0x80 | opcode;
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), payload]);
  if (length < 65_536) return Buffer.concat([Buffer.from([first, 126, length >> 8, length & 0xff]), payload]);
  const head = Buffer.alloc(10);
  head[0] = first;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}
