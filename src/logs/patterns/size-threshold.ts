import { corrected } from "../../base/statistics/corrected.ts";
import { fisherAtLeast } from "../../base/statistics/fisher.ts";
import { pathTemplate } from "../path-template.ts";
import type { Histogram, Traffic } from "../traffic.ts";
import { lowOf } from "./histograms.ts";
import type { SizeThreshold } from "./pattern.ts";
import { limitNear } from "./size-limits.ts";

const fewestFailures = 5;
/** Part of each side that a threshold may have wrong. */
const impurity = 0.05;
const significance = 0.01;
/** Limits are larger than this. */
const leastBytes = 1000;
/** Requests that failed differ in size by this factor at least: those of one form are of one size, and it is their form that fails. */
const leastRatio = 1.3;
/** Part of the requests of the failing paths that succeeded, at least: it is not the path that fails. */
const leastSucceeded = 0.2;

/**
 * A size above which requests fail and below which they do not, from the sizes of failed and of other
 * requests: at least 95 % of the failures are above it, and 95 % of what is above it failed.
 */
export function sizeThresholds(traffic: Traffic): readonly SizeThreshold[] {
  const sizes = traffic.requestBytes;
  if (sizes === undefined || sizes.failed.count < fewestFailures) return [];
  const split = bestSplit(sizes.failed, sizes.succeeded);
  if (split === undefined || lowOf(split.bin + 1) < leastBytes) return [];
  if (isOneForm(traffic, lowOf(split.bin))) return [];
  const bytes = leastWithin(traffic, lowOf(split.bin), lowOf(split.bin + 1));
  const limit = limitNear(bytes);
  const classes = new Set(traffic.failures.map((request) => request.failure));
  const [only] = classes;
  const near = limit === undefined ? "" : `, near ${limit}`;
  return [
    {
      kind: "size-threshold",
      text:
        `${split.failedAbove} of ${sizes.failed.count} failed requests have about ${bytes} bytes or more${near}; ` +
        `${split.succeededAbove} of ${sizes.succeeded.count} others have`,
      failures: split.failedAbove,
      of: sizes.failed.count,
      p: split.p,
      ...(classes.size === 1 && only !== undefined ? { class: only } : {}),
      bytes,
      ...(limit === undefined ? {} : { limit }),
    },
  ];
}

interface Split {
  /** The first bin above the threshold. */
  readonly bin: number;
  readonly failedAbove: number;
  readonly succeededAbove: number;
  readonly p: number;
}

/** The split with the fewest on the wrong side, when it is pure enough and no chance. */
function bestSplit(failed: Histogram, succeeded: Histogram): Split | undefined {
  const bins = Math.max(failed.bins?.length ?? 0, succeeded.bins?.length ?? 0);
  let failedAbove = 0;
  let succeededAbove = 0;
  let best: Omit<Split, "p"> | undefined;
  let fewestWrong = Number.POSITIVE_INFINITY;
  for (let bin = bins - 1; bin > 0; bin--) {
    failedAbove += failed.bins?.[bin] ?? 0;
    succeededAbove += succeeded.bins?.[bin] ?? 0;
    const wrong = failed.count - failedAbove + succeededAbove;
    if ((failed.bins?.[bin] ?? 0) === 0 || wrong > fewestWrong) continue;
    fewestWrong = wrong;
    best = { bin, failedAbove, succeededAbove };
  }
  if (best === undefined || failed.count - best.failedAbove > impurity * failed.count) return undefined;
  if (best.succeededAbove > impurity * (best.failedAbove + best.succeededAbove)) return undefined;
  const below: [number, number] = [failed.count - best.failedAbove, succeeded.count - best.succeededAbove];
  const p = corrected(fisherAtLeast({ a: [best.failedAbove, best.succeededAbove], b: below }), bins);
  return p < significance ? { ...best, p } : undefined;
}

/** Whether the failed requests are alike in more than their size. */
function isOneForm(traffic: Traffic, fromBytes: number): boolean {
  const above = traffic.failures.filter(({ requestBytes }) => (requestBytes ?? 0) >= fromBytes);
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const { requestBytes = 0 } of above) {
    least = Math.min(least, requestBytes);
    most = Math.max(most, requestBytes);
  }
  const templates = new Set(above.map((request) => pathTemplate(request.path)));
  const paths = traffic.paths.filter((path) => templates.has(path.template));
  const requests = paths.reduce((sum, path) => sum + path.requests, 0);
  const failed = paths.reduce((sum, path) => sum + path.failed, 0);
  return most < least * leastRatio || requests - failed < leastSucceeded * requests;
}

/** The least size of a failed request in the bin, where requests were kept; else where the bin begins. */
function leastWithin(traffic: Traffic, low: number, high: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { requestBytes } of traffic.failures) {
    if (requestBytes !== undefined && requestBytes >= low && requestBytes < high)
      least = Math.min(least, requestBytes);
  }
  return Number.isFinite(least) ? least : Math.round(low);
}
