import { type Question, rcodes } from "./message.ts";

const typeNames: Readonly<Record<number, string>> = {
  1: "A",
  2: "NS",
  5: "CNAME",
  6: "SOA",
  12: "PTR",
  15: "MX",
  16: "TXT",
  28: "AAAA",
  33: "SRV",
  65: "HTTPS",
};

export const typeName = (type: number): string => typeNames[type] ?? `TYPE${type}`;

export interface Query {
  readonly question: Question;
  readonly address: string;
  readonly port: number;
  readonly protocol: "udp" | "tcp";
}

/** A line of the log plugin of CoreDNS (coredns/coredns plugin/pkg/replacer/replacer.go, plugin/log/log.go CommonLogFormat). */
export function queryLine(
  { question, address, port, protocol }: Query,
  reply: Buffer,
  seconds: number,
): string {
  const { id, name, type, sizeBytes, dnssecOk, bufferSize } = question;
  const flags = reply.readUInt16BE(2);
  const code = flags & 0x0f;
  const rcode = Object.entries(rcodes).find(([, value]) => value === code)?.[0] ?? String(code);
  const names = [
    [0x8000, "qr"],
    [0x0400, "aa"],
    [0x0200, "tc"],
    [0x0100, "rd"],
    [0x0080, "ra"],
  ] as const;
  const set = names.filter(([bit]) => (flags & bit) !== 0).map(([, text]) => text);
  const asked = `${typeName(type)} IN ${name} ${protocol} ${sizeBytes} ${dnssecOk} ${bufferSize}`;
  return `[INFO] ${address}:${port} - ${id} "${asked}" ${rcode} ${set.join(",")} ${reply.length} ${seconds.toFixed(9)}s`;
}
