import { shareText } from "../../base/counts.ts";
import { grouped } from "../../base/counts.ts";
import type { ThresholdReport } from "../../report/load-report.ts";
import { durationMs } from "../duration.ts";
import type { FlagValues } from "../flags.ts";
import { UsageProblem } from "../usage-problem.ts";

/** What the load must hold. */
export interface Limits {
  /** How many may fail, or how large a part of them. */
  readonly failed: {
    readonly text: string;
    readonly isTyped: boolean;
    readonly most: number;
    readonly isShare: boolean;
  };
  readonly p99?: { readonly text: string; readonly mostMs: number };
}

/** @throws UsageProblem */
export function limitsOf(values: FlagValues): Limits {
  const typed = values["max-5xx"];
  const text = typed ?? "0";
  const match = /^(\d{1,9}(?:\.\d{1,9})?)(%?)$/.exec(text);
  const isShare = match?.[2] === "%";
  const value = Number(match?.[1]);
  if (match === null || (isShare ? value > 100 : !Number.isInteger(value)))
    throw new UsageProblem(`--max-5xx ${text}: give how many may fail, such as 0, or a share, such as 0.1%.`);
  const p99 = values["max-p99"];
  return {
    failed: { text, isTyped: typed !== undefined, most: isShare ? value / 100 : value, isShare },
    ...(p99 === undefined ? {} : { p99: { text: p99, mostMs: durationMs(p99, "--max-p99") } }),
  };
}

/** Each limit against what was measured. A request without a whole answer has no latency, and is no reason to pass. */
export function judged(
  { failed: limit, p99 }: Limits,
  {
    requests,
    failed,
    p99Ms,
  }: { readonly requests: number; readonly failed: number; readonly p99Ms?: number },
): ThresholdReport[] {
  const measured = limit.isShare
    ? `${shareText(failed, requests)} (${grouped(failed)})`
    : `${grouped(failed)} of ${grouped(requests)}`;
  const part = limit.isShare ? (requests === 0 ? 0 : failed / requests) : failed;
  return [
    { name: "max-5xx", limit: limit.text, measured, held: part <= limit.most },
    ...(p99 === undefined
      ? []
      : [
          {
            name: "max-p99",
            limit: p99.text,
            measured: p99Ms === undefined ? "no answer" : `${Math.round(p99Ms)} ms`,
            held: p99Ms !== undefined && p99Ms <= p99.mostMs,
          },
        ]),
  ];
}
