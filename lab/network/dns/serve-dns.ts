import { createSocket } from "node:dgram";
import { createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { encodeReply, parseQuestion, type Reply } from "./message.ts";
import { type Query, queryLine, typeName } from "./query-line.ts";

/** How the DNS of the cluster behaves. */
export type DnsConduct = {
  /** Before every answer. */
  readonly delayMs?: number;
  /** Only names that end so; absent: all. */
  readonly names?: string;
  /**
   * What is told instead of the truth; "silent": nothing, "upstream-timeout": SERVFAIL after the two seconds in
   * which the forward plugin waits for a resolver that does not answer. Absent: the truth.
   */
  readonly instead?: "SERVFAIL" | "NXDOMAIN" | "REFUSED" | "silent" | "upstream-timeout";
};

export interface Dns {
  conduct(conduct: DnsConduct): void;
  /** Takes the server away: questions over UDP are answered "port unreachable". */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

export interface DnsOptions {
  /** Must be there already. */
  readonly address: string;
  answer(name: string, type: number): Reply;
  /** False: the packets of this address do not get here (NetworkPolicy). */
  permits?(address: string, protocol: "udp" | "tcp"): boolean;
  /** Lines of the server's log. */
  onLine(line: string): void;
}

const forwardTimeoutMs = 2000;
const noReply = { answers: [], authority: [], isAuthoritative: false } as const;

/** A stand-in for CoreDNS, on UDP and TCP port 53 of an address of the root namespace. */
export async function serveDns(options: DnsOptions): Promise<Dns> {
  let conduct: DnsConduct = {};
  let close = await listen(options, (query) => reply(options, conduct, query));
  let isUp = true;
  const down = async (): Promise<void> => {
    if (isUp) await close();
    isUp = false;
  };
  return {
    conduct: (next) => {
      conduct = next;
    },
    down,
    up: async () => {
      if (!isUp) close = await listen(options, (query) => reply(options, conduct, query));
      isUp = true;
    },
    close: down,
  };
}

async function reply(options: DnsOptions, conduct: DnsConduct, query: Query): Promise<Buffer | undefined> {
  const startMs = performance.now();
  const { question, protocol } = query;
  const isMeant = question.name.toLowerCase().endsWith(`${(conduct.names ?? "").replace(/\.$/, "")}.`);
  const { delayMs = 0, instead } = isMeant ? conduct : {};
  if (options.permits?.(query.address, protocol) === false || instead === "silent") return undefined;
  const waitMs = delayMs + (instead === "upstream-timeout" ? forwardTimeoutMs : 0);
  if (waitMs > 0) await sleep(waitMs);
  const truth =
    instead === undefined
      ? options.answer(question.name, question.type)
      : { ...noReply, rcode: instead === "upstream-timeout" ? ("SERVFAIL" as const) : instead };
  const bytes = encodeReply(question, truth, protocol === "udp" ? question.bufferSize : 65_535);
  options.onLine(queryLine(query, bytes, (performance.now() - startMs) / 1000));
  if (instead === "upstream-timeout")
    // coredns/coredns plugin/errors/errors.go.
    options.onLine(
      `[ERROR] plugin/errors: 2 ${question.name} ${typeName(question.type)}: read udp ${options.address}:${40_000 + (question.id % 20_000)}->203.0.113.53:53: i/o timeout`,
    );
  return bytes;
}

type Replying = (query: Query) => Promise<Buffer | undefined>;

async function listen({ address }: DnsOptions, replying: Replying): Promise<() => Promise<void>> {
  const udp = createSocket("udp4");
  let isOpen = true;
  udp.on("message", (message, from) => {
    const question = parseQuestion(message);
    if (question === undefined) return;
    void replying({ question, address: from.address, port: from.port, protocol: "udp" }).then((bytes) => {
      if (bytes !== undefined && isOpen) udp.send(bytes, from.port, from.address);
    });
  });
  const tcp = createServer((socket) => converse(socket, replying));
  const open = new Set<{ destroy(): void }>();
  tcp.on("connection", (socket) => open.add(socket.once("close", () => open.delete(socket))));
  await Promise.all([
    new Promise<void>((resolve, reject) => {
      udp.once("error", reject);
      udp.bind(53, address, resolve);
    }),
    new Promise<void>((resolve, reject) => {
      tcp.once("error", reject);
      tcp.listen(53, address, resolve);
    }),
  ]);
  return async () => {
    isOpen = false;
    for (const socket of open) socket.destroy();
    await Promise.all([
      new Promise<void>((resolve) => udp.close(() => resolve())),
      new Promise<void>((resolve) => tcp.close(() => resolve())),
    ]);
  };
}

/** Questions over TCP come and go after two bytes of length. */
function converse(socket: Socket, replying: Replying): void {
  const { remoteAddress = "", remotePort = 0 } = socket;
  let pending = Buffer.alloc(0);
  const ask = (message: Buffer): void => {
    const question = parseQuestion(message);
    if (question === undefined) return void socket.destroy();
    void replying({ question, address: remoteAddress, port: remotePort, protocol: "tcp" }).then((bytes) => {
      if (bytes === undefined || socket.destroyed) return;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(bytes.length);
      socket.write(Buffer.concat([length, bytes]));
    });
  };
  socket.on("error", () => {});
  socket.on("data", (part: Buffer) => {
    pending = Buffer.concat([pending, part]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      ask(pending.subarray(2, end));
      pending = pending.subarray(end);
    }
  });
}
