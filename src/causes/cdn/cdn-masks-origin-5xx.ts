import { ofClass } from "../requests.ts";
import { defineCause } from "../define-cause.ts";
import { weighSaying } from "../outer-saying.ts";

/**
 * The origin itself answered 502, 503 or 504, and the CDN passes it on, with a page of its own that looks as if the
 * CDN had failed; an error that it caches outlives the origin's trouble.
 */
export const cdnMasksOrigin5xx = defineCause({
  id: "cdn-masks-origin-5xx",
  title: "The error is the origin's own, under the CDN's page",
  hop: "cdn",
  codes: [502, 503, 504],
  prior: 0.03,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["gateway"],
  weigh: (facts) =>
    weighSaying(facts, {
      hop: "cdn",
      explains: ofClass("app-status"),
      text: () => "were answered so by the origin itself",
      never: "the origin answered none of the failed requests",
      fix: {
        title:
          "Diagnose the origin with its own log: why5xx diagnose TARGET --access-log of its load balancer or gateway; let it send Cache-Control: no-store with errors, and purge what was cached",
        applicability: "display-only",
        commands: [],
      },
    }),
});
