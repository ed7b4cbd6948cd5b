import { refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { someOf } from "../names.ts";
import { balanced, explainedBy, firstAt, madeHere, medianMs, unlessLoggedBy } from "../outer-log.ts";
import { countText, type Explains, portOf } from "../requests.ts";
import { see } from "../see.ts";
import { silentNode, targetAt } from "./targets.ts";

const fewest = 2;
const isSilent = madeHere("connect-timeout");

/**
 * A security group, network ACL or firewall rule between the load balancer and its targets drops the
 * connects. The kubelet reaches the same pods from their own nodes, so the cluster looks healthy.
 */
export const lbTargetConnectionBlocked = defineCause({
  id: "lb-target-connection-blocked",
  title: "A firewall drops what the load balancer sends to its targets",
  hop: "load-balancer",
  codes: [504, 502, 503],
  prior: 0.02,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["gateway", "pods", "nodes", "patterns"],
  weigh({ route, traffic, gateway, pods, nodes }) {
    const elsewhere = unlessLoggedBy("load-balancer", traffic);
    if (elsewhere !== undefined) return elsewhere;
    const silent = explainedBy(traffic, isSilent);
    const answers = (address: string): boolean => {
      const stats = traffic.addresses.get(address);
      return stats !== undefined && stats.attempts > stats.failed;
    };
    const explains: Explains = (request, attempt) =>
      isSilent(request, attempt) && attempt !== undefined && !answers(attempt.address);
    const hits = explainedBy(traffic, explains);
    if (silent.length === 0)
      return refuted(
        speaksAgainst.decisive("no connect of the load balancer went unanswered", "load balancer's log"),
      );
    if (hits.length < fewest)
      return refuted(
        speaksAgainst.strong(
          `${silent.length} connects went unanswered at targets that answer others`,
          "load balancer's log",
        ),
      );
    const addresses = [...new Set(hits.map((h) => h.attempt!.address))].sort();
    const cluster = { pods, gateway, nodes };
    const targets = addresses.map((address) => targetAt(address, cluster));
    const down = targets.map((t) => silentNode(t, nodes)).find((n) => n !== undefined);
    if (down !== undefined)
      return refuted(
        speaksAgainst.strong(
          `${refText(down)} of a silent target is not ready: nobody reaches it`,
          `${refText(down)} .status.conditions[Ready]`,
          { see: see.describe(down) },
        ),
      );
    const clues: Clue[] = [
      speaksFor.strong(
        `${countText(hits.length, traffic.failures.length, "failed requests")} got no answer to their connect after ${(medianMs(hits) / 1000).toFixed(1)} s, at ${someOf(addresses)}; these never answered`,
        `load balancer's log, first at ${firstAt(hits)}`,
        { group: "life" },
      ),
    ];
    const ready = targets.flatMap((t) => (t?.ready === true ? [t.object] : []));
    if (ready[0] === undefined)
      return undecided(
        `${clues[0]!.text}; whether these targets are alive in the cluster is not known`,
        see.list("pods", undefined),
        clues,
      );
    clues.push(
      speaksFor.strong(
        `${refText(ready[0])} is Ready: the kubelet of its node reaches it, the load balancer does not`,
        `${refText(ready[0])} .status.conditions[Ready]`,
        { see: see.get(ready[0], "wide") },
      ),
    );
    const port = portOf(addresses[0]!);
    return {
      state: "supported",
      subject: balanced(route, gateway),
      clues,
      explains,
      fixes: [
        {
          title: `Let the load balancer's security group or source ranges reach ${port === undefined ? "the target port" : `port ${port}`} (and the health check's port) of the nodes and pods of ${someOf(addresses)}: security group, network ACL both ways, VPC firewall (130.211.0.0/22 and 35.191.0.0/16 at Google), subnet by subnet`,
          applicability: "display-only",
          commands: [],
        },
      ],
    };
  },
});
