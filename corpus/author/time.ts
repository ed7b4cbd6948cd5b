/** The one moment of collection of every case: "now" for everything in it. */
export const collectedAt = "2026-11-18T10:30:00Z";
const collectedAtMs = Date.parse(collectedAt);

const unitMs: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };

/** Milliseconds of an offset such as "-12m", "-1h30m", "-3d", "8s", "0s". Throws on anything else. */
export function offsetMs(offset: string): number {
  const match = /^([+-]?)((?:\d+(?:\.\d+)?[dhms])+)$/.exec(offset);
  if (match === null) throw new Error(`"${offset}" is no offset; write -12m, -1h30m, -3d or 8s`);
  const sum = [...(match[2] ?? "").matchAll(/(\d+(?:\.\d+)?)([dhms])/g)].reduce(
    (total, [, amount, unit]) => total + Number(amount) * (unitMs[unit ?? ""] ?? 0),
    0,
  );
  return match[1] === "-" ? -sum : sum;
}

/** Milliseconds since the epoch of an offset from the moment of collection, or of an ISO time. */
export const atMs = (when: string): number =>
  when.includes("T") ? Date.parse(when) : collectedAtMs + offsetMs(when);

/** A time as Kubernetes objects write it, in whole seconds: at("-12m") is "2026-11-18T10:18:00Z". */
export const at = (when: string, ...plus: readonly string[]): string =>
  isoSeconds(plus.reduce((ms, p) => ms + offsetMs(p), atMs(when)));

export const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
