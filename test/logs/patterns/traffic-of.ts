import { addValue as addDuration, medianMs, newHistogram } from "../../../src/logs/histogram.ts";
import { pathTemplate } from "../../../src/logs/path-template.ts";
import type { AddressStats, LoggedRequest, PathStats, Share, Traffic } from "../../../src/logs/traffic.ts";

/** What the log's counters would make of these requests, all of them counted and none left out. */
export function trafficOf(requests: readonly LoggedRequest[], fromMs: number, toMs: number): Traffic {
  const byEnd = [...requests].sort((a, b) => a.endMs - b.endMs);
  const failed = newHistogram();
  const succeeded = newHistogram();
  for (const r of requests) addDuration(hasFailed(r) ? failed : succeeded, r.requestBytes ?? 0);
  return {
    fromMs,
    toMs,
    formats: { "ingress-nginx": requests.length },
    requests: requests.length,
    byStatus: countOf(requests, (r) => String(r.status)),
    byMethod: Object.fromEntries(shares(requests, (r) => r.method)),
    failures: byEnd.filter(hasFailed),
    masked: byEnd.filter(isMasked),
    aborted: byEnd.filter((r) => r.status === 499),
    addresses: addressesOf(requests),
    paths: pathsOf(requests),
    perMinute: binsOf(requests, fromMs, toMs, 60_000).map(([ms, share]) => ({ fromMs: ms, ...share })),
    hasErrorLog: true,
    bins: timeBins(requests, fromMs, toMs),
    clients: clientsOf(requests),
    gatewayPods: shares(requests, (r) => r.gatewayPod ?? ""),
    hosts: shares(requests, (r) => r.host ?? ""),
    requestBytes: { failed, succeeded },
    byClass: countOf(
      requests.flatMap((r) => r.attempts.filter((a) => a.failure !== undefined)),
      (a) => a.failure ?? "unclassified",
    ),
  };
}

const hasFailed = (r: LoggedRequest): boolean => r.failure !== undefined;
const isMasked = (r: LoggedRequest): boolean => !hasFailed(r) && r.attempts.some((a) => a.failure);

function countOf<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const groups = [...Map.groupBy(items, keyOf)].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(groups.map(([key, group]) => [key, group.length]));
}

function shares(requests: readonly LoggedRequest[], keyOf: (r: LoggedRequest) => string): Map<string, Share> {
  const groups = [...Map.groupBy(requests, keyOf)].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(groups.map(([key, group]) => [key, shareOf(group)]));
}

const shareOf = (group: readonly LoggedRequest[]): Share => ({
  requests: group.length,
  failed: group.filter((r) => r.failure !== undefined).length,
});

function clientsOf(requests: readonly LoggedRequest[]): NonNullable<Traffic["clients"]> {
  const keys = [...shares(requests, (r) => r.client)].map(([key, share]) => ({ key, ...share }));
  return { keys: keys.sort((a, b) => b.requests - a.requests), maxError: 0 };
}

function pathsOf(requests: readonly LoggedRequest[]): PathStats[] {
  return [...Map.groupBy(requests, (r) => pathTemplate(r.path))].map(([template, group]) => {
    const durations = newHistogram();
    for (const r of group) if (r.status === 200) addDuration(durations, r.durationMs);
    const medianSuccessMs = medianMs(durations);
    return {
      template,
      ...shareOf(group),
      successDurations: durations,
      ...(medianSuccessMs === undefined ? {} : { medianSuccessMs, maxSuccessMs: durations.maxMs }),
    };
  });
}

function addressesOf(requests: readonly LoggedRequest[]): Map<string, AddressStats> {
  const attempts = requests.flatMap((r) => r.attempts);
  const groups = [...Map.groupBy(attempts, (a) => a.address)].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    groups.map(([address, group]): [string, AddressStats] => {
      const ends = (of: typeof group): number[] => of.map((a) => a.endMs).sort((a, b) => a - b);
      const good = ends(group.filter((a) => a.failure === undefined));
      const bad = ends(group.filter((a) => a.failure !== undefined));
      const all = ends(group);
      return [
        address,
        {
          attempts: group.length,
          failed: bad.length,
          byClass: countOf(
            group.filter((a) => a.failure !== undefined),
            (a) => a.failure ?? "unclassified",
          ),
          firstSeenMs: all[0] ?? 0,
          lastSeenMs: all.at(-1) ?? 0,
          lastSentMs: all.at(-1) ?? 0,
          ...(good.length === 0 ? {} : { firstSuccessMs: good[0] ?? 0, lastSuccessMs: good.at(-1) ?? 0 }),
          ...(bad.length === 0 ? {} : { firstFailureMs: bad[0] ?? 0, lastFailureMs: bad.at(-1) ?? 0 }),
        },
      ];
    }),
  );
}

function binsOf(
  requests: readonly LoggedRequest[],
  fromMs: number,
  toMs: number,
  widthMs: number,
): [number, Share][] {
  const groups = Map.groupBy(requests, (r) => Math.floor((r.endMs - fromMs) / widthMs));
  const count = Math.max(1, Math.ceil((toMs - fromMs) / widthMs));
  return Array.from({ length: count }, (_, i) => [fromMs + i * widthMs, shareOf(groups.get(i) ?? [])]);
}

function timeBins(
  requests: readonly LoggedRequest[],
  fromMs: number,
  toMs: number,
): NonNullable<Traffic["bins"]> {
  const widthMs = Math.max(1000, Math.ceil((toMs - fromMs) / 4_096_000) * 1000);
  const bins = binsOf(requests, fromMs, toMs, widthMs).map(([, share]) => share);
  return { fromMs, widthMs, requests: bins.map((b) => b.requests), failed: bins.map((b) => b.failed) };
}
