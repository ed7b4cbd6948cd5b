import { defineCause } from "../define-cause.ts";
import { madeHere, medianMs } from "../outer-log.ts";
import { weighSaying } from "../outer-saying.ts";

/**
 * The origin takes the request and does not answer within the CDN's timer, which is shorter than those behind it. The
 * gateway there would have waited on, and writes 499.
 */
export const cdnOriginTimeout = defineCause({
  id: "cdn-origin-timeout",
  title: "The origin does not answer within the CDN's timer",
  hop: "cdn",
  codes: [524, 503, 504],
  prior: 0.02,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["gateway", "patterns"],
  weigh: (facts) =>
    weighSaying(facts, {
      hop: "cdn",
      explains: madeHere("response-timeout"),
      text: (hits) =>
        `were ended by the CDN after ${(medianMs(hits) / 1000).toFixed(1)} s at a connected origin`,
      never: "no request ended at the CDN's own timer",
      fix: {
        title:
          "Make these requests shorter (a job and polling), or ask the CDN for a longer timer (Front Door up to 240 s; Cloudflare on some plans); longer timers at the gateway alone change nothing",
        applicability: "display-only",
        commands: [],
      },
    }),
});
