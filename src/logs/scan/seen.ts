/** What was read, line by line; the parts of several streams can be put together. */
export interface Seen {
  total: number;
  access: number;
  error: number;
  klog: number;
  /** TLS connections of a load balancer, which are no requests. */
  connection: number;
  /** What HAProxy says of its servers and itself, and Lua below its errors. */
  event: number;
  unrecognised: number;
  repeated: number;
  long: number;
  fromMs: number;
  toMs: number;
  /** Lines of each format. */
  readonly formats: Map<string, number>;
  /** Time zone of each pod's access lines, in milliseconds east of UTC. */
  readonly offsets: Map<string, number>;
  /** The first lines that fit no format. */
  readonly samples: { readonly line: string; readonly stream: string }[];
}

export const maxSamples = 3;

export const newSeen = (): Seen => ({
  total: 0,
  access: 0,
  error: 0,
  klog: 0,
  connection: 0,
  event: 0,
  unrecognised: 0,
  repeated: 0,
  long: 0,
  fromMs: Number.POSITIVE_INFINITY,
  toMs: Number.NEGATIVE_INFINITY,
  formats: new Map(),
  offsets: new Map(),
  samples: [],
});

const summed = [
  "total",
  "access",
  "error",
  "klog",
  "connection",
  "event",
  "unrecognised",
  "repeated",
  "long",
] as const;

/** `from` comes after `into` in the order of what was read. */
export function mergeSeen(into: Seen, from: Seen): void {
  for (const key of summed) into[key] += from[key];
  into.fromMs = Math.min(into.fromMs, from.fromMs);
  into.toMs = Math.max(into.toMs, from.toMs);
  for (const [name, count] of from.formats) into.formats.set(name, (into.formats.get(name) ?? 0) + count);
  for (const [pod, offset] of from.offsets) if (!into.offsets.has(pod)) into.offsets.set(pod, offset);
  into.samples.push(...from.samples.slice(0, maxSamples - into.samples.length));
}

export function see(seen: Seen, timeMs: number): void {
  if (timeMs < seen.fromMs) seen.fromMs = timeMs;
  if (timeMs > seen.toMs) seen.toMs = timeMs;
}

export const countFormat = (seen: Seen, name: string, count: number): void =>
  void seen.formats.set(name, (seen.formats.get(name) ?? 0) + count);

const maxSampleChars = 2000;

export function noteUnrecognised(seen: Seen, stream: string, text: () => string): void {
  seen.unrecognised++;
  if (seen.samples.length < maxSamples) seen.samples.push({ line: text().slice(0, maxSampleChars), stream });
}
