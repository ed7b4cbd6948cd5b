import { fisherAtLeast } from "../../base/statistics/fisher.ts";
import type { LoggedRequest, Traffic } from "../traffic.ts";
import { isHealthProbe } from "./failed-attempts.ts";
import type { MethodSkew } from "./pattern.ts";

/** Not sent again once bytes were sent, unless told so (nginx src/http/ngx_http_upstream.c, NGX_HTTP_UPSTREAM_FT_NON_IDEMPOTENT). */
const unretriedMethods: ReadonlySet<string> = new Set(["POST", "LOCK", "PATCH"]);

const significance = 0.01;

/**
 * Clients see methods fail that the gateway does not try again, more often than those that it does, and
 * failures of the latter are found hidden behind a retry. Fisher's exact test.
 */
export function methodSkews(traffic: Traffic): readonly MethodSkew[] {
  const counted = { unretried: { failed: 0, requests: 0 }, retried: { failed: 0, requests: 0, masked: 0 } };
  const sideOf = (method: string) => (unretriedMethods.has(method) ? counted.unretried : counted.retried);
  for (const [method, { requests, failed }] of Object.entries(traffic.byMethod)) {
    const side = sideOf(method);
    side.requests += requests;
    if (traffic.cut !== undefined) side.failed += failed;
  }
  const seen = traffic.failures.filter(isFailureOfTheWay);
  if (traffic.cut === undefined) for (const request of seen) sideOf(request.method).failed++;
  for (const request of traffic.masked) {
    if (!unretriedMethods.has(request.method) && !isHealthProbe(request)) counted.retried.masked++;
  }
  const { unretried, retried } = counted;
  if (retried.masked === 0 || unretried.failed === 0) return [];
  const p = fisherAtLeast({
    a: [unretried.failed, Math.max(0, unretried.requests - unretried.failed)],
    b: [retried.failed, Math.max(0, retried.requests - retried.failed)],
  });
  if (p >= significance) return [];
  const of = unretried.failed + retried.failed;
  const classes = new Set(seen.map((request) => request.failure));
  const [only] = classes;
  return [
    {
      kind: "method-skew",
      text:
        `${unretried.failed} of ${unretried.requests} requests that are not retried (POST, PATCH) failed, ` +
        `${retried.failed} of ${retried.requests} of the others; ${retried.masked} failures of those were hidden by a retry`,
      failures: unretried.failed,
      of,
      p,
      ...(classes.size === 1 && only !== undefined ? { class: only } : {}),
      unretried,
      retried,
    },
  ];
}

/** What the application answered itself is tried again by nobody, whatever the method. */
const isFailureOfTheWay = (request: LoggedRequest): boolean =>
  request.failure !== "app-status" && request.attempts.length > 0 && !isHealthProbe(request);
