import { defineCause } from "../define-cause.ts";
import { type Limit, weighLimit } from "./limit.ts";

const limit: Limit = {
  words: "limiting requests",
  annotations: [
    { name: "limit-rps", zone: "_rps", windowMs: 1000, set: (settings) => settings.limitRps },
    { name: "limit-rpm", zone: "_rpm", windowMs: 60_000, set: (settings) => settings.limitRpm },
  ],
  statusKey: "limit-req-status-code",
};

/**
 * The route's request rate limit rejects clients, with status 503 unless told otherwise. It counts
 * per client address and per gateway pod, so a load balancer that hides addresses makes one client
 * of all.
 */
export const rateLimit503 = defineCause({
  id: "rate-limit-503",
  title: "The gateway's request rate limit rejects clients",
  hop: "gateway",
  codes: [503, 429],
  prior: 0.02,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["settings", "patterns"],
  weigh: (facts) => weighLimit(limit, facts),
});
