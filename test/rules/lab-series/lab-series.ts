/** What a Prometheus scraped of a lab while a fault happened, second by second. */
export interface LabSeries {
  readonly fault: string;
  readonly gateway: string;
  readonly seed: number;
  readonly target: string;
  readonly seconds: number;
  /** In the notation of promtool's tests. */
  readonly series: Readonly<Record<string, string>>;
}

/** Values one after the other, runs of equal steps made short; undefined: there was none. */
export function inNotation(values: readonly (number | undefined)[]): string {
  const parts: string[] = [];
  for (let at = 0; at < values.length;) {
    const { text, length } = runFrom(values, at);
    parts.push(text);
    at += length;
  }
  return parts.join(" ");
}

function runFrom(values: readonly (number | undefined)[], at: number): { text: string; length: number } {
  const first = values[at];
  if (first === undefined) {
    const end = values.findIndex((value, index) => index > at && value !== undefined);
    const length = (end < 0 ? values.length : end) - at;
    return { text: gap(length, at > 0), length };
  }
  const second = values[at + 1];
  if (second === undefined) return { text: String(first), length: 1 };
  const step = second - first;
  // A sum of fractions is not what was scraped.
  if (!Number.isInteger(first) || !Number.isInteger(step)) return { text: String(first), length: 1 };
  let length = 2;
  while (values[at + length] === first + step * length) length++;
  if (length === 2) return { text: String(first), length: 1 };
  return { text: `${first}${step < 0 ? "" : "+"}${step}x${length - 1}`, length };
}

/** A series that vanishes is marked stale by the scrape that no longer finds it. */
function gap(length: number, wasThere: boolean): string {
  if (!wasThere) return `_x${length}`;
  return length === 1 ? "stale" : `stale _x${length - 1}`;
}
