import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { balanced, explainedBy, firstAt, madeHere, quoted, unlessLoggedBy } from "../outer-log.ts";
import { countText } from "../requests.ts";
import { see } from "../see.ts";

/**
 * The target group, backend service or pool has no member that the load balancer would send to: none
 * registered, or all fail its own health check. It answers by itself and nothing reaches the cluster.
 */
export const lbNoHealthyTargets = defineCause({
  id: "lb-no-healthy-targets",
  title: "The load balancer has no healthy target",
  hop: "load-balancer",
  codes: [503, 502],
  prior: 0.02,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["gateway"],
  weigh({ route, traffic, gateway }) {
    const elsewhere = unlessLoggedBy("load-balancer", traffic);
    if (elsewhere !== undefined) return elsewhere;
    const explains = madeHere("no-endpoint");
    const hits = explainedBy(traffic, explains);
    if (hits.length === 0)
      return refuted(
        speaksAgainst.decisive(
          "for every failed request the load balancer had a target",
          "load balancer's log",
        ),
      );
    const clues = [
      speaksFor.decisive(
        `for ${countText(hits.length, traffic.failures.length, "failed requests")} the load balancer had no target${quoted(hits)}`,
        `load balancer's log, first at ${firstAt(hits)}`,
      ),
    ];
    const ready = gateway.state === "present" ? gateway.value.pods.filter((p) => p.ready).length : 0;
    if (ready > 0)
      clues.push(
        speaksFor.weak(
          `${ready} gateway pods are ready in the cluster: its health check asks something else than the kubelet does, or cannot reach them`,
          "Pods of the gateway .status.conditions[Ready]",
        ),
      );
    const subject = balanced(route, gateway);
    return {
      state: "supported",
      subject,
      clues,
      explains,
      fixes: [
        {
          title:
            "Ask the load balancer why each target is unhealthy (aws elbv2 describe-target-health, gcloud compute backend-services get-health, az network application-gateway show-backend-health), then mend the port, path or codes of its health check, or what fails it",
          applicability: "display-only",
          commands: [see.get(subject)],
        },
      ],
    };
  },
});
