/** Reads values that should have a shape but come from strangers: a bundle may hold anything. */

/** The items of a list that may be null, missing or no list at all; null items are dropped. */
export function items<T>(value: readonly T[] | null | undefined): readonly T[] {
  return Array.isArray(value) ? value.filter((item) => item !== null && item !== undefined) : [];
}

/** A map of strings that may be null or missing; values that are no strings are dropped. */
export function texts(value: Readonly<Record<string, unknown>> | null | undefined): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(entries);
}

/** The string, or "" for anything else. */
export const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Milliseconds since the epoch of an RFC 3339 time; undefined when it is missing or unreadable. */
export function timeMs(time: string | null | undefined): number | undefined {
  if (typeof time !== "string") return undefined;
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? undefined : ms;
}

/** `{ key: value }` or nothing, for optional properties under exactOptionalPropertyTypes. */
export function maybe<K extends string, V>(key: K, value: V | null | undefined): { [P in K]?: V } {
  return value === undefined || value === null ? {} : ({ [key]: value } as { [P in K]?: V });
}

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
