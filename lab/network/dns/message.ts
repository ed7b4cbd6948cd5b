/** RFC 1035: the part of DNS messages that resolvers of C libraries and of programs use. */
export interface Question {
  readonly id: number;
  /** As it was asked, with the dot at the end. */
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly recursionDesired: boolean;
  /** EDNS (RFC 6891): longest answer over UDP, 512 without it. */
  readonly bufferSize: number;
  readonly dnssecOk: boolean;
  readonly sizeBytes: number;
  /** The question as it stands in the message, to be repeated in the answer. */
  readonly wire: Buffer;
}

export type Data =
  | { readonly type: "A"; readonly address: string }
  | { readonly type: "CNAME"; readonly target: string }
  | { readonly type: "SRV"; readonly port: number; readonly target: string }
  | { readonly type: "SOA"; readonly serial: number };

interface RecordSet {
  readonly name: string;
  readonly ttl: number;
  readonly data: Data;
}

export const rcodes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
type Rcode = keyof typeof rcodes;

export interface Reply {
  readonly rcode: Rcode;
  readonly answers: readonly RecordSet[];
  readonly authority: readonly RecordSet[];
  /** From the zone this server is the authority for; otherwise as a recursive resolver would answer. */
  readonly isAuthoritative: boolean;
}

const types = { A: 1, CNAME: 5, SOA: 6, SRV: 33 } as const;
const optType = 41;
const headerBytes = 12;

/** Undefined for what is no question of one name: such packets get no answer. */
export function parseQuestion(message: Buffer): Question | undefined {
  try {
    const isQuery = (message.readUInt16BE(2) & 0x8000) === 0;
    if (!isQuery || message.readUInt16BE(4) !== 1) return undefined;
    const labels: string[] = [];
    let at = headerBytes;
    for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
      // Questions are not compressed.
      if (length > 63 || at + length >= message.length) return undefined;
      labels.push(message.toString("latin1", at + 1, at + 1 + length));
      at += 1 + length;
    }
    const end = at + 5;
    return {
      id: message.readUInt16BE(0),
      name: `${labels.join(".")}.`,
      type: message.readUInt16BE(at + 1),
      class: message.readUInt16BE(at + 3),
      recursionDesired: (message.readUInt16BE(2) & 0x0100) !== 0,
      ...extension(message, end),
      sizeBytes: message.length,
      wire: message.subarray(headerBytes, end),
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function extension(message: Buffer, at: number): Pick<Question, "bufferSize" | "dnssecOk"> {
  const additional = message.readUInt16BE(10);
  const isThere = additional > 0 && message.length >= at + 11 && message.readUInt16BE(at + 1) === optType;
  if (!isThere) return { bufferSize: 512, dnssecOk: false };
  return {
    bufferSize: Math.max(512, message.readUInt16BE(at + 3)),
    dnssecOk: (message.readUInt16BE(at + 7) & 0x8000) !== 0,
  };
}

/** @param maxBytes a longer answer is cut to none, with the truncation bit */
export function encodeReply(question: Question, reply: Reply, maxBytes: number): Buffer {
  const whole = encode(question, reply, false);
  return whole.length <= maxBytes ? whole : encode(question, { ...reply, answers: [], authority: [] }, true);
}

function encode(question: Question, reply: Reply, isTruncated: boolean): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16BE(question.id, 0);
  const flags =
    0x8000 |
    (reply.isAuthoritative ? 0x0400 : 0x0080) |
    (isTruncated ? 0x0200 : 0) |
    (question.recursionDesired ? 0x0100 : 0);
  header.writeUInt16BE(flags | rcodes[reply.rcode], 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(reply.answers.length, 6);
  header.writeUInt16BE(reply.authority.length, 8);
  const records = [...reply.answers, ...reply.authority].map((record) => encodeRecord(record, question.name));
  return Buffer.concat([header, question.wire, ...records]);
}

function encodeRecord({ name, ttl, data }: RecordSet, asked: string): Buffer {
  const body = encodeData(data);
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(types[data.type], 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(ttl, 4);
  fixed.writeUInt16BE(body.length, 8);
  const isAsked = name.toLowerCase() === asked.toLowerCase();
  // A pointer to the question.
  return Buffer.concat([isAsked ? Buffer.from([0xc0, headerBytes]) : encodeName(name), fixed, body]);
}

function encodeData(data: Data): Buffer {
  if (data.type === "A") return Buffer.from(data.address.split(".").map(Number));
  if (data.type === "CNAME") return encodeName(data.target);
  if (data.type === "SRV") {
    const fixed = Buffer.alloc(6);
    fixed.writeUInt16BE(100, 2);
    fixed.writeUInt16BE(data.port, 4);
    return Buffer.concat([fixed, encodeName(data.target)]);
  }
  const numbers = Buffer.alloc(20);
  // coredns/coredns plugin/backend_lookup.go, SOA: refresh, retry, expire, and the time a "no" is kept.
  for (const [n, value] of [data.serial, 7200, 1800, 86_400, 5].entries())
    numbers.writeUInt32BE(value, n * 4);
  const names = ["ns.dns.cluster.local.", "hostmaster.cluster.local."].map(encodeName);
  return Buffer.concat([...names, numbers]);
}

function encodeName(name: string): Buffer {
  const labels = name.split(".").filter((label) => label !== "");
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, "latin1")])),
    Buffer.from([0]),
  ]);
}
