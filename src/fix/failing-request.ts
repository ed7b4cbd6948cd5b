import { observe } from "../derive/observe.ts";
import type { Route } from "../derive/views.ts";
import type { Counted } from "../base/statistics/fall.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { pathTemplate } from "../logs/path-template.ts";
import type { LoggedRequest, Traffic } from "../logs/traffic.ts";

/** The request of a route that failed most, to be sent again, and how often it failed. */
interface FailingRequest {
  readonly method: string;
  /** With its query, as it was logged. */
  readonly path: string;
  readonly counted: Counted;
  readonly fromMs: number;
  readonly toMs: number;
}

export type Failing =
  | { readonly kind: "found"; readonly request: FailingRequest }
  /** Only requests failed that change something, or only ones that a retry saved. */
  | { readonly kind: "others"; readonly methods: readonly string[]; readonly masked: number }
  | { readonly kind: "none"; readonly requests: number }
  | { readonly kind: "unread"; readonly reason: string };

const safeMethods = ["GET", "HEAD"];

/** Looks in the gateway's log for what failed most; of `method` alone when one is asked for. */
export function failingRequest(evidence: Evidence, route: Route, method?: string): Failing {
  const traffic = observe(evidence, route).traffic;
  if (traffic.state !== "present")
    return { kind: "unread", reason: traffic.state === "unknown" ? traffic.reason : traffic.why };
  const { failures, masked, requests } = traffic.value;
  if (failures.length === 0 && masked.length === 0) return { kind: "none", requests };
  const wanted = method === undefined ? safeMethods : [method];
  const candidates = failures.filter((failure) => wanted.includes(failure.method));
  const most = mostFrequent(candidates);
  if (most === undefined)
    return {
      kind: "others",
      methods: [...new Set(failures.map((failure) => failure.method))].sort(),
      masked: traffic.value.outcomes?.masked ?? masked.length,
    };
  return { kind: "found", request: counted(traffic.value, candidates, most) };
}

function counted(
  traffic: Traffic,
  candidates: readonly LoggedRequest[],
  { method, path }: LoggedRequest,
): FailingRequest {
  const template = pathTemplate(path);
  const same = candidates.filter((c) => c.method === method && pathTemplate(c.path) === template);
  const stats = traffic.paths.find((p) => p.template === template);
  // The list of failures may be cut to a sample, the counts of the path never are.
  const all = traffic.failures.filter((f) => pathTemplate(f.path) === template).length;
  const failed = Math.round(((stats?.failed ?? same.length) * same.length) / Math.max(1, all));
  const requests = stats?.requestsAmidFailures ?? stats?.requests ?? same.length;
  const times = same.map((request) => request.endMs);
  return {
    method,
    path,
    counted: { requests: Math.max(failed, requests), failed },
    fromMs: times.reduce((a, b) => Math.min(a, b), Infinity),
    toMs: times.reduce((a, b) => Math.max(a, b), -Infinity),
  };
}

function mostFrequent(requests: readonly LoggedRequest[]): LoggedRequest | undefined {
  const counts = new Map<string, { readonly request: LoggedRequest; count: number }>();
  for (const request of requests) {
    const key = `${request.method} ${request.path}`;
    const entry = counts.get(key);
    if (entry === undefined) counts.set(key, { request, count: 1 });
    else entry.count++;
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.request;
}
