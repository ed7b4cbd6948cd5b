/** The address plan of the lab: it looks like that of a small cluster. */
export const plan = {
  /** Root namespace: kubelets probe from here. Nodes have 10.0.0.1 and up. */
  nodes: "10.0.0.0/24",
  pods: "10.42.0.0/16",
  services: "10.96.0.0/12",
  dns: "10.96.0.10",
  /** TEST-NET-2 and TEST-NET-3 (RFC 5737): clients, and whatever else is outside the cluster. */
  outside: ["198.51.100.0/24", "203.0.113.0/24"],
} as const;

/** A locally administered MAC made of the address, as OVN-Kubernetes and the bridge plugin do: 10.42.1.5 → 0a:58:0a:2a:01:05. */
export const macOf = (address: string): string =>
  ["0a", "58", ...address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"))].join(":");

export const isIpv4 = (text: string): boolean =>
  /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) && text.split(".").every((part) => Number(part) <= 255);

const numberOf = (address: string): number =>
  address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

const textOf = (value: number): string =>
  [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join(".");

/** First and one past the last address of "10.0.0.0/8" or "10.0.0.1". */
function spanOf(range: string): readonly [first: number, end: number] {
  const [address = "", bits = "32"] = range.split("/");
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(numberOf(address) / size) * size;
  return [first, first + size];
}

export function contains(range: string, address: string): boolean {
  const [first, end] = spanOf(range);
  const at = numberOf(address);
  return first <= at && at < end;
}

/** The range without others, as ranges. */
export function without(range: string, except: readonly string[]): string[] {
  const [first, end] = spanOf(range);
  const spans = except.map(spanOf);
  if (spans.some(([f, e]) => f <= first && end <= e)) return [];
  if (!spans.some(([f, e]) => f < end && first < e))
    return [`${textOf(first)}/${32 - Math.log2(end - first)}`];
  const bits = 33 - Math.log2(end - first);
  const middle = (first + end) / 2;
  return [first, middle].flatMap((half) => without(`${textOf(half)}/${bits}`, except));
}
