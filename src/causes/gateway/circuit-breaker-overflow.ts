import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { explainedBy, firstAt, quoted, wordsOf } from "../outer-log.ts";
import { countText, type Explains } from "../requests.ts";

/** Response flag UpstreamOverflow, or its details (envoy source/common/router/router.cc). */
const overflow = /\bflag UO\b|before_response_started\{overflow\}/;

const explains: Explains = (request, attempt) =>
  (attempt?.failure ?? request.failure) === "local-resource" && overflow.test(wordsOf(request, attempt));

/**
 * The proxy's own cap on connections, pending requests or retries to this Service is reached, so it answers 503 at
 * once instead of asking a pod. Envoy caps each of them at 1024 unless told otherwise, retries at 3.
 */
export const circuitBreakerOverflow = defineCause({
  id: "circuit-breaker-overflow",
  title: "The proxy's circuit breaker is open: its cap on requests to the Service is reached",
  hop: "gateway",
  codes: [503],
  prior: 0.01,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["patterns"],
  weigh({ route, traffic }) {
    const hits = explainedBy(traffic, explains);
    if (hits.length === 0)
      return refuted(
        speaksAgainst.decisive("no request was refused for an overflow", "gateway log, response flags"),
      );
    return {
      state: "supported",
      subject: route.backend.service,
      clues: [
        speaksFor.decisive(
          `${countText(hits.length, traffic.failures.length, "failed requests")} were refused at the proxy's own cap, without asking a pod${quoted(hits)}`,
          `gateway log, first at ${firstAt(hits)}`,
        ),
      ],
      explains,
      fixes: [
        {
          title:
            "Find why so many requests are open at once (slow answers hold them), then raise the cap: connectionPool of the Istio DestinationRule, circuitBreaker of Envoy Gateway's BackendTrafficPolicy, projectcontour.io/max-pending-requests and max-requests of the Service",
          applicability: "display-only",
          commands: [],
        },
      ],
    };
  },
});
