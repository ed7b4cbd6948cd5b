import { type Family, type Labels, type Sample, valueText } from "./exposition.ts";

/** Counts events, one series for each set of labels that was seen. */
export interface Counter {
  add(labels: Labels, by?: number): void;
  family(): Family;
}

export function openCounter(name: string, help: string): Counter {
  const series = new Map<string, { readonly labels: Labels; value: number }>();
  return {
    add: (labels, by = 1) => {
      const key = JSON.stringify(labels);
      const known = series.get(key);
      if (known === undefined) series.set(key, { labels, value: by });
      else known.value += by;
    },
    family: () => ({ name, help, type: "counter", samples: [...series.values()] }),
  };
}

/** Counts values by how large they are. */
export interface Histogram {
  observe(labels: Labels, value: number): void;
  family(): Family;
}

interface Observed {
  readonly labels: Labels;
  /** Values at most as large as the bound of the same index; not cumulative. */
  readonly counts: number[];
  count: number;
  sum: number;
}

/** Bounds of client_golang's `DefBuckets` (prometheus/client_golang prometheus/histogram.go), in seconds. */
const defaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

export function openHistogram(
  name: string,
  help: string,
  bounds: readonly number[] = defaultBounds,
): Histogram {
  const series = new Map<string, Observed>();
  return {
    observe: (labels, value) => {
      const key = JSON.stringify(labels);
      const known = series.get(key) ?? { labels, counts: bounds.map(() => 0), count: 0, sum: 0 };
      series.set(key, known);
      const at = bounds.findIndex((bound) => value <= bound);
      if (at >= 0) known.counts[at] = (known.counts[at] ?? 0) + 1;
      known.count += 1;
      known.sum += value;
    },
    family: () => ({
      name,
      help,
      type: "histogram",
      samples: [...series.values()].flatMap((s) => samplesOf(s, bounds)),
    }),
  };
}

function samplesOf({ labels, counts, count, sum }: Observed, bounds: readonly number[]): Sample[] {
  let below = 0;
  const buckets = bounds.map((bound, at): Sample => {
    below += counts[at] ?? 0;
    return { suffix: "_bucket", labels: { ...labels, le: valueText(bound) }, value: below };
  });
  return [
    ...buckets,
    { suffix: "_bucket", labels: { ...labels, le: "+Inf" }, value: count },
    { suffix: "_sum", labels, value: sum },
    { suffix: "_count", labels, value: count },
  ];
}
