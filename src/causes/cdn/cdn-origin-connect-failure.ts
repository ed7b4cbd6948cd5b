import { defineCause } from "../define-cause.ts";
import { madeHere, wordsOf } from "../outer-log.ts";
import { weighSaying } from "../outer-saying.ts";

const connect = madeHere("connect-refused", "connect-timeout", "unreachable");
const unnamed = madeHere("unclassified");
/** Front Door's `ErrorInfo`; 530 is Cloudflare's for an origin whose name does not resolve, among others. */
const words = /ErrorInfo is (?:OriginConnectionError|DNS)/;

/**
 * The CDN cannot open a connection to the origin: a firewall does not let its addresses in, the load balancer or its
 * Service is down, the port or the DNS record is wrong. No line about it is in any log of the origin.
 */
export const cdnOriginConnectFailure = defineCause({
  id: "cdn-origin-connect-failure",
  title: "The CDN cannot connect to the origin",
  hop: "cdn",
  codes: [521, 522, 523, 530, 502, 503],
  prior: 0.02,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["gateway"],
  weigh: (facts) =>
    weighSaying(facts, {
      hop: "cdn",
      explains: (request, attempt) =>
        connect(request, attempt) ||
        (unnamed(request, attempt) && (request.status === 530 || words.test(wordsOf(request, attempt)))),
      text: () => "ended before the CDN had a connection to the origin",
      never: "the CDN had a connection to the origin for every failed request",
      fix: {
        title:
          "Let the CDN's published address ranges through the firewall, security group and loadBalancerSourceRanges of the origin, and see that its DNS record and port are those of the load balancer that serves now",
        applicability: "display-only",
        commands: [],
      },
    }),
});
