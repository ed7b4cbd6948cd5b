import { defineCause } from "../define-cause.ts";
import { type Limit, weighLimit } from "./limit.ts";

const limit: Limit = {
  words: "limiting connections",
  annotations: [
    {
      name: "limit-connections",
      zone: "_conn",
      windowMs: 1000,
      set: (settings) => settings.limitConnections,
    },
  ],
  statusKey: "limit-conn-status-code",
};

/** The route's limit of concurrent connections per client address rejects clients, with 503 unless told otherwise. */
export const connectionLimit503 = defineCause({
  id: "connection-limit-503",
  title: "The gateway's connection limit rejects clients",
  hop: "gateway",
  codes: [503, 429],
  prior: 0.01,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["settings", "patterns"],
  weigh: (facts) => weighLimit(limit, facts),
});
