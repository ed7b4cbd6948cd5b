import { pathTemplate } from "../path-template.ts";
import type { FailureClass, LoggedRequest, Share, Traffic } from "../traffic.ts";
import { concentrationOf } from "./concentration-of.ts";
import { excessOf, type Member } from "./excess.ts";
import { isHealthProbe } from "./failed-attempts.ts";
import type { Concentration } from "./pattern.ts";

/** A way to part requests, with the requests and failures of each part. */
interface Parting {
  readonly on: Concentration["on"];
  readonly fewest: number;
  readonly counts: ReadonlyMap<string, Counted>;
  /** Part of one request. */
  readonly keyOf: (request: LoggedRequest) => string;
}

interface Counted extends Share {
  readonly requestsAmidFailures?: number;
}

/** Failing paths, methods, hosts, clients and gateway pods, held against their own traffic. */
export function requestConcentrations(traffic: Traffic): Concentration[] {
  const failing = [...traffic.failures, ...traffic.masked].filter((request) => !isHealthProbe(request));
  const isWhole = traffic.cut === undefined;
  const all = partingsOf(traffic).flatMap((parting) => {
    if (parting.counts.size < parting.fewest) return [];
    return isWhole ? byClass(parting, failing) : found(parting, countedMembers(parting), undefined);
  });
  // A path usually has one method, and the path says more.
  const paths = all.filter((one) => one.on === "path");
  return all.filter((one) => one.on !== "method" || !paths.some((path) => path.class === one.class));
}

function partingsOf(traffic: Traffic): Parting[] {
  const paths = new Map(traffic.paths.map((path) => [path.template, path]));
  const methods = new Map(Object.entries(traffic.byMethod));
  const partings: Parting[] = [
    { on: "path", fewest: 2, counts: paths, keyOf: (request) => pathTemplate(request.path) },
    { on: "method", fewest: 2, counts: methods, keyOf: (request) => request.method },
  ];
  if (traffic.hosts !== undefined)
    partings.push({ on: "host", fewest: 2, counts: traffic.hosts, keyOf: (request) => request.host ?? "" });
  if (traffic.gatewayPods !== undefined) {
    partings.push({ on: "gateway-pod", fewest: 2, counts: traffic.gatewayPods, keyOf: gatewayPodOf });
  }
  if (traffic.clients !== undefined) {
    const counts = clientCounts(traffic.clients, traffic.requests);
    partings.push({ on: "client", fewest: 3, counts, keyOf: (request) => request.client });
  }
  return partings;
}

const gatewayPodOf = (request: LoggedRequest): string => request.gatewayPod ?? "";

/** A sketch's counts are at most `maxError` too high: requests are taken as they are and failures as the least, so that no client is wronged. */
function clientCounts(clients: NonNullable<Traffic["clients"]>, requests: number): Map<string, Share> {
  const counts = new Map<string, Share>();
  let named = 0;
  for (const { key, requests: sent, failed } of clients.keys) {
    counts.set(key, { requests: sent, failed: Math.max(0, failed - clients.maxError) });
    named += sent;
  }
  // All others together, so that shares are of the whole traffic.
  if (requests > named) counts.set("", { requests: requests - named, failed: 0 });
  return counts;
}

const countedMembers = (parting: Parting): Member[] =>
  [...parting.counts].map(([key, { requests, requestsAmidFailures, failed }]) => ({
    key,
    traffic: Math.max(requestsAmidFailures ?? requests, failed),
    failed,
    succeeded: Math.max(0, requests - failed),
  }));

/** All classes but the application's own answers together, then each class that says something else. */
function byClass(parting: Parting, failing: readonly LoggedRequest[]): Concentration[] {
  const keyed = failing.map((request) => ({ class: classOf(request), key: parting.keyOf(request) }));
  const classed = Map.groupBy(keyed, (one) => one.class);
  const classes = [...classed.keys()].sort();
  const gateways = classes.filter((name) => name !== "app-status");
  const of = (names: readonly FailureClass[], only: FailureClass | undefined): Concentration[] =>
    found(
      parting,
      membersOf(
        parting,
        names.flatMap((name) => classed.get(name) ?? []),
      ),
      only,
    );
  const together = of(gateways, gateways.length === 1 ? gateways[0] : undefined);
  const known = new Set(together.map((one) => one.keys.join(" ")));
  const apart = classes
    .filter((name) => gateways.length > 1 || name === "app-status")
    .flatMap((name) => of([name], name))
    .filter((one) => !known.has(one.keys.join(" ")));
  return [...together, ...apart];
}

const classOf = (request: LoggedRequest): FailureClass =>
  request.attempts.find((attempt) => attempt.failure !== undefined)?.failure ??
  request.failure ??
  "unclassified";

function membersOf({ counts }: Parting, failing: readonly { readonly key: string }[]): Member[] {
  const failed = new Map<string, number>();
  for (const { key } of failing) {
    const counted = counts.has(key) ? key : "";
    failed.set(counted, (failed.get(counted) ?? 0) + 1);
  }
  const keys = new Set([...counts.keys(), ...failed.keys()]);
  return [...keys].map((key) => {
    const own = failed.get(key) ?? 0;
    const count = counts.get(key);
    const requests = Math.max(count?.requests ?? 0, own);
    const during = Math.max(count?.requestsAmidFailures ?? requests, own);
    return { key, traffic: during, failed: own, succeeded: requests - own };
  });
}

/** Parts without a name ("" or "other") are counted and never named. */
function found(
  parting: Parting,
  members: readonly Member[],
  failure: FailureClass | undefined,
): Concentration[] {
  const excess = excessOf(members);
  if (excess === undefined || excess.members.some((m) => m.key === "" || m.key === "other")) return [];
  const keys = excess.members.map((m) => m.key).sort();
  return [concentrationOf(parting.on, keys, excess, failure, "requests")];
}
