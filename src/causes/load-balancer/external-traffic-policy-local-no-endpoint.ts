import { refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { someOf } from "../names.ts";
import { see } from "../see.ts";

/**
 * The gateway's Service has externalTrafficPolicy Local: a node without a ready gateway pod drops
 * what the load balancer sends it, and the load balancer must learn that from the health check
 * node port. That most nodes fail that check is by design; that no usable node is left is not.
 */
export const externalTrafficPolicyLocalNoEndpoint = defineCause({
  id: "external-traffic-policy-local-no-endpoint",
  title: "With externalTrafficPolicy Local no node that the load balancer uses has a gateway pod",
  hop: "load-balancer",
  codes: [502, 503, 504],
  prior: 0.01,
  leadsTo: [],
  needs: ["gateway", "nodes"],
  helps: ["traffic"],
  weigh({ gateway, nodes, traffic }) {
    const service = gateway.service;
    if (service === undefined)
      return undecided(
        "the Service in front of the gateway was not read",
        see.list("services", gateway.pods[0]?.ref.namespace),
      );
    const subject = {
      kind: "Service",
      namespace: service.metadata?.namespace ?? "default",
      name: service.metadata?.name ?? "",
    };
    const policy = service.spec?.externalTrafficPolicy ?? "Cluster";
    const source = `${refText(subject)} .spec.externalTrafficPolicy`;
    if (policy !== "Local")
      return refuted(speaksAgainst.decisive(`externalTrafficPolicy is ${policy}`, source));
    const ready = gateway.pods.filter((p) => p.ready && p.node !== undefined);
    const hosts = new Set(ready.map((p) => p.node));
    const known = nodes.filter((n) => hosts.has(n.name));
    const usable = known.filter((n) => n.ready === "True" && !n.unschedulable);
    if (hosts.size === 0 || known.length < hosts.size)
      return undecided("the nodes of the gateway's pods were not all read", see.list("nodes", undefined));
    if (usable.length > 0)
      return refuted(
        speaksAgainst.strong(
          `${usable.length} ready nodes have a ready gateway pod; that the others fail the load balancer's check is by design`,
          source,
        ),
      );
    const states = known.map((n) => `${n.name} ${n.unschedulable ? "cordoned" : "not ready"}`);
    const clues: Clue[] = [
      speaksFor.strong(
        `externalTrafficPolicy is Local and every node with a ready gateway pod is cordoned or not ready: ${someOf(states)}`,
        source,
        { see: see.list("nodes", undefined) },
      ),
      speaksFor.moderate(
        "many load balancers take cordoned nodes out of their pool, and Local leaves no other way in",
        source,
      ),
    ];
    if (traffic.state === "present" && traffic.value.requests > 0)
      clues.push(
        speaksAgainst.moderate(
          `the gateway still logged ${traffic.value.requests} requests of this route`,
          "gateway access log",
        ),
      );
    return {
      state: "supported",
      subject,
      clues,
      leavesNoLine: true,
      fixes: [
        {
          title:
            "Move the gateway's pods to nodes in use (delete them one by one so that they are scheduled elsewhere), and run one on every node the load balancer may use",
          applicability: "unsafe",
          commands: [
            see.shell(
              "kubectl",
              "rollout",
              "restart",
              `${(gateway.workload?.kind ?? "deployment").toLowerCase()}/${gateway.workload?.name ?? "ingress-nginx-controller"}`,
              "-n",
              subject.namespace,
            ),
          ],
          effect: "gateway pods are replaced one by one",
        },
      ],
    };
  },
});
