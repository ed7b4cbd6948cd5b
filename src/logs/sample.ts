import type { Outcome } from "./scan/counts.ts";
import { hashOfText } from "./scan/lanes.ts";
import type { LoggedRequest } from "./traffic.ts";

/** A failed, masked or aborted request, with the number of its bucket. */
export interface Resolved {
  readonly bucket: number;
  readonly outcome: Exclude<Outcome, "success">;
  readonly request: LoggedRequest;
  readonly upstreamName: string;
}

/** Keeps a limited number of requests per upstream name. */
export interface Sample {
  /** Sizes of the groups, as far as they are known before the members come. */
  expect(sizes: ReadonlyMap<string, number>): void;
  /** Members come in order of time, as far as they are known. */
  add(resolved: Resolved, line: string): void;
  kept(): { readonly resolved: readonly Resolved[]; readonly cut: ReadonlyMap<string, string> };
}

/** Every n-th of a group's members in order of time: it keeps the shape of the whole. All must be known at once. */
export function regularSample(limit: number): Sample {
  let steps = new Map<string, number>();
  const seen = new Map<string, number>();
  const resolved: Resolved[] = [];
  const cut = new Map<string, string>();
  return {
    expect(sizes) {
      steps = strides(sizes, limit);
    },
    add(entry) {
      const { upstreamName } = entry;
      const step = steps.get(upstreamName) ?? 1;
      const number = seen.get(upstreamName) ?? 0;
      seen.set(upstreamName, number + 1);
      if (number % step === 0) resolved.push(entry);
      else
        cut.set(
          upstreamName,
          `one of every ${step} failed, retried or aborted requests is kept; the counts are of all of them`,
        );
    },
    kept: () => ({ resolved, cut }),
  };
}

/** Those whose lines have the smallest hashes: the same ones in whatever order and parts the members come. */
export function hashedSample(limit: number): Sample {
  const groups = new Map<string, { readonly hash: number; readonly entry: Resolved }[]>();
  const seen = new Map<string, number>();
  let size = 0;

  /** A group's place number falls only as others grow, so what is let go of here would never be kept later. */
  function shrink(): void {
    const most = places(
      [...groups.values()].map((group) => group.length),
      limit,
    );
    size = 0;
    for (const group of groups.values()) {
      if (group.length > most) group.sort((a, b) => a.hash - b.hash).splice(most);
      size += group.length;
    }
  }

  return {
    expect: () => undefined,
    add(entry, line) {
      const { upstreamName } = entry;
      seen.set(upstreamName, (seen.get(upstreamName) ?? 0) + 1);
      const group = groups.get(upstreamName);
      const member = { hash: hashOfText(line), entry };
      if (group === undefined) groups.set(upstreamName, [member]);
      else group.push(member);
      if (++size > limit * 1.5) shrink();
    },
    kept() {
      if (size > limit) shrink();
      const cut = new Map<string, string>();
      for (const [name, group] of groups) {
        const all = seen.get(name) ?? 0;
        if (all > group.length)
          cut.set(
            name,
            `${group.length} of ${all} failed, retried or aborted requests are kept, drawn by the hashes of their lines; the counts are of all of them`,
          );
      }
      return { resolved: [...groups.values()].flat().map(({ entry }) => entry), cut };
    },
  };
}

/** The number m for which groups of at most m members each have `limit` members together. */
function places(sizes: readonly number[], limit: number): number {
  let left = limit;
  const ordered = [...sizes].sort((a, b) => a - b);
  for (const [i, size] of ordered.entries()) {
    const share = Math.max(1, Math.floor(left / (ordered.length - i)));
    if (size > share) return share;
    left -= size;
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * Shares `limit` places among groups of the given sizes, small groups first in full, and says for
 * each group that every n-th member is kept.
 */
function strides(sizes: ReadonlyMap<string, number>, limit: number): Map<string, number> {
  const result = new Map<string, number>();
  let left = limit;
  const ordered = [...sizes].sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1));
  ordered.forEach(([name, size], i) => {
    const share = Math.max(1, Math.floor(left / (ordered.length - i)));
    const stride = Math.max(1, Math.ceil(size / share));
    result.set(name, stride);
    left -= Math.ceil(size / stride);
  });
  return result;
}
