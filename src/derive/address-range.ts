import { BlockList, isIP } from "node:net";

/** Whether a CIDR range contains an address; undefined when either cannot be read. Families never mix. */
export function contains(cidr: string, ip: string): boolean | undefined {
  const range = parseRange(cidr);
  const family = isIP(ip);
  if (range === undefined || family === 0) return undefined;
  if (range.family !== family) return false;
  const list = new BlockList();
  list.addSubnet(range.base, range.bits, familyName(family));
  return list.check(ip, familyName(family));
}

/** Whether two CIDR ranges share an address; false when either cannot be read. */
export function overlaps(a: string, b: string): boolean {
  const first = parseRange(a);
  const second = parseRange(b);
  if (first === undefined || second === undefined) return false;
  return contains(a, second.base) === true || contains(b, first.base) === true;
}

interface Range {
  readonly base: string;
  readonly bits: number;
  readonly family: number;
}

function parseRange(cidr: unknown): Range | undefined {
  if (typeof cidr !== "string") return undefined;
  const [base = "", bits = ""] = cidr.split("/");
  const family = isIP(base);
  const most = family === 4 ? 32 : 128;
  if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > most) return undefined;
  return { base, bits: Number(bits), family };
}

const familyName = (family: number): "ipv4" | "ipv6" => (family === 4 ? "ipv4" : "ipv6");
