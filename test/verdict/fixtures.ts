import type { Clue } from "../../src/causes/clue.ts";
import { speaksFor } from "../../src/causes/clue.ts";
import type { Cause, Supported } from "../../src/causes/define-cause.ts";
import type { Observations } from "../../src/derive/observations.ts";
import type { FactName, Facts } from "../../src/derive/views.ts";
import { type Observed, present, unknown } from "../../src/evidence/observed.ts";
import { ref } from "../../src/evidence/object-ref.ts";
import type { FailureClass, LoggedRequest, Traffic } from "../../src/logs/traffic.ts";
import type { SupportedFinding } from "../../src/verdict/finding.ts";

const factNames: readonly FactName[] = [
  "route",
  "gateway",
  "settings",
  "service",
  "servicePort",
  "endpoints",
  "pods",
  "neighbours",
  "departed",
  "workloads",
  "events",
  "traffic",
  "patterns",
  "gatewayTraffic",
  "gatewayLog",
  "appLog",
  "policies",
  "nodes",
  "autoscalers",
  "budgets",
  "quotas",
  "claims",
  "dns",
  "dependencies",
  "services",
];

/** Everything unknown but what is given. */
export function factsWith(known: { [F in FactName]?: Observed<Facts[F]> }): Observations {
  const blank = Object.fromEntries(factNames.map((f) => [f, unknown(f, "not in this test")]));
  return { ...blank, ...known } as unknown as Observations;
}

export function cause(id: string, more: Partial<Cause> = {}): Cause {
  return {
    id,
    title: `Title of ${id}`,
    hop: "service",
    codes: [503],
    prior: 0.02,
    leadsTo: [],
    needs: [],
    helps: [],
    weigh: () => ({ state: "refuted", clues: [] }),
    ...more,
  };
}

export function found(
  id: string,
  more: { leadsTo?: string[]; confidence?: number; explains?: FailureClass; clues?: Clue[] } = {},
): SupportedFinding {
  const judged: Supported = {
    state: "supported",
    subject: ref("Service", id, "shop"),
    clues: more.clues ?? [speaksFor.strong(`clue of ${id}`, "nowhere")],
    fixes: [],
    ...(more.explains === undefined ? {} : { explains: (_r, attempt) => attempt?.failure === more.explains }),
  };
  return { ...judged, cause: cause(id, { leadsTo: more.leadsTo ?? [] }), confidence: more.confidence ?? 0.9 };
}

export function request(failure: FailureClass | undefined, endMs = 0): LoggedRequest {
  return {
    startMs: endMs,
    endMs,
    durationMs: 0,
    method: "GET",
    path: "/",
    status: failure === undefined ? 200 : 502,
    bodyBytes: 0,
    client: "203.0.113.9",
    line: "",
    attempts: [
      { address: "10.0.0.1:80", startMs: endMs, endMs, ...(failure === undefined ? {} : { failure }) },
    ],
    ...(failure === undefined ? {} : { failure }),
  };
}

export function trafficOf(
  failures: readonly LoggedRequest[],
  requests: number,
  masked: readonly LoggedRequest[] = [],
): Observed<Traffic> {
  return present({
    fromMs: 0,
    toMs: 1,
    formats: {},
    requests,
    byStatus: {},
    byMethod: {},
    failures,
    masked,
    aborted: [],
    addresses: new Map(),
    paths: [],
    perMinute: [],
    hasErrorLog: true,
  });
}
