import { observe } from "../../derive/observe.ts";
import type { Observations } from "../../derive/observations.ts";
import { recogniseGateway } from "../../derive/gateway-pods.ts";
import type { Route } from "../../derive/views.ts";
import type { Evidence, LogStream } from "../../evidence/evidence.ts";
import type { LogOf } from "../../gather/cluster/pod-logs.ts";
import type { WatchInterval } from "../../report/watch-report.ts";

/** As many gateway pods as a diagnosis reads logs of. */
const maxPods = 6;

/** The logs that a route's requests are written to. */
export function gatewayLogsOf({ gateway }: Pick<Observations, "gateway">): LogOf[] {
  if (gateway.state !== "present") return [];
  return gateway.value.pods.slice(0, maxPods).flatMap(({ ref, pod }) => {
    const known = recogniseGateway(pod);
    return known === undefined
      ? []
      : [{ namespace: ref.namespace ?? "default", pod: ref.name, container: known.container.name }];
  });
}

/** Requests and failures of one route while its gateway's log is followed. */
export interface Counting {
  /** Adds what was logged since the last time. */
  add(logs: readonly LogStream[], nowMs: number): void;
  readonly requests: number;
  readonly failed: number;
  readonly codes: Readonly<Record<string, number>>;
  /** In stretches of equal length, the last one unfinished. */
  series(): readonly WatchInterval[];
}

/** `evidence` knows the gateway and the route; its own logs are left aside. */
export function newCounting(evidence: Evidence, route: Route, fromMs: number, intervalMs: number): Counting {
  const intervals: { requests: number; failed: number }[] = [];
  const counts = { requests: 0, failed: 0, codes: {} as Record<string, number> };
  return {
    add: (logs, nowMs) => {
      const at = Math.max(0, Math.floor((nowMs - fromMs) / intervalMs));
      while (intervals.length <= at) intervals.push({ requests: 0, failed: 0 });
      if (logs.length === 0) return;
      const { traffic } = observe({ ...evidence, logs, collectedAt: new Date(nowMs).toISOString() }, route);
      if (traffic.state !== "present") return;
      const { requests, failures, outcomes } = traffic.value;
      const failed = outcomes?.failed ?? failures.length;
      counts.requests += requests;
      counts.failed += failed;
      for (const { status } of failures) counts.codes[status] = (counts.codes[status] ?? 0) + 1;
      const interval = intervals[at]!;
      interval.requests += requests;
      interval.failed += failed;
    },
    get requests() {
      return counts.requests;
    },
    get failed() {
      return counts.failed;
    },
    get codes() {
      return counts.codes;
    },
    series: () =>
      intervals.map(({ requests, failed }, i) => ({
        from: new Date(fromMs + i * intervalMs).toISOString(),
        seconds: intervalMs / 1000,
        requests,
        failed,
      })),
  };
}
