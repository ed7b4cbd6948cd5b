import { timeLocalMs } from "../clock.ts";
import { isoTimeMs } from "./iso-time.ts";
import type { JsonEntry } from "./json-format.ts";

/** Values of JSON log entries, which write the same thing as a number, a string, null or "-". */

/** The text of a string or number; undefined for null, "", "-" and anything that is neither. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" && value !== "-" ? value : undefined;
}

/** A finite number, also of a numeric string; undefined for the rest. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || !/^-?\d[\d.]{0,30}(?:[eE][+-]?\d{1,3})?$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** A count of bytes or of anything else: no fraction, not negative. */
export function countOf(value: unknown): number | undefined {
  const number = numberOf(value);
  return number !== undefined && number >= 0 && Number.isInteger(number) ? number : undefined;
}

/** An HTTP status as a number; 0 to 999. */
export function statusOf(value: unknown): number | undefined {
  const status = countOf(value);
  return status !== undefined && status <= 999 ? status : undefined;
}

export const objectOf = (value: unknown): JsonEntry | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonEntry) : undefined;

/** A moment: milliseconds since the epoch, and whether the text was more exact than a second. */
export interface Moment {
  readonly ms: number;
  readonly exact: boolean;
}

/**
 * ISO 8601, nginx's $time_local, or a Unix time in s, ms, µs or ns, told apart by its size: seconds up to the year 5138,
 * milliseconds from 1973. Undefined for anything else.
 */
export function momentOf(value: unknown): Moment | undefined {
  const epoch = numberOf(value);
  if (epoch !== undefined) return ofEpoch(epoch, value);
  if (typeof value !== "string" || value.length > 64) return undefined;
  const ms = isoTimeMs(value);
  if (!Number.isNaN(ms)) return { ms, exact: /[.,]\d/.test(value) };
  const local = timeLocalMs(value);
  return Number.isNaN(local) ? undefined : { ms: local, exact: false };
}

/** Nanoseconds since 1970 do not fit a double: JSON.parse gives the nearest multiple of this, which may be before the millisecond. */
const doubleStepNs = 256;

function ofEpoch(epoch: number, value: unknown): Moment | undefined {
  if (epoch < 1e8) return undefined;
  if (epoch < 1e11) return { ms: Math.round(epoch * 1000), exact: String(value).includes(".") };
  if (epoch < 1e14) return { ms: Math.round(epoch), exact: true };
  if (epoch < 1e17) return { ms: Math.floor(epoch / 1e3), exact: true };
  return epoch < 1e20 ? { ms: Math.floor((epoch + doubleStepNs) / 1e6), exact: true } : undefined;
}

/** `{ key: value }`, or nothing when there is no value. */
export const optional = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]: V });

/** Scheme, host and path of an absolute URL; undefined for anything else. The port stays with the host. */
export function splitUrl(url: string): { host: string; path: string } | undefined {
  const scheme = url.startsWith("https://") ? 8 : url.startsWith("http://") ? 7 : -1;
  if (scheme === -1) return undefined;
  const slash = url.indexOf("/", scheme);
  const host = slash === -1 ? url.slice(scheme) : url.slice(scheme, slash);
  return { host, path: slash === -1 ? "/" : url.slice(slash) };
}

/** "shop.example:443" without its port; "[fd00::1]:80" becomes "[fd00::1]". */
export const withoutPort = (address: string): string => address.replace(/:\d{1,5}$/, "");

/** The address of a peer as other formats write it: without its port and without brackets. */
export const bareAddress = (peer: string): string => withoutPort(peer).replace(/^\[([^\]]{1,60})\]$/, "$1");
