import type { NetworkPolicy } from "kubernetes-types/networking/v1";
import type { PolicyView } from "../../derive/views.ts";
import { type ObjectRef, ref, refText } from "../../evidence/object-ref.ts";
import type { Fix } from "../fix.ts";
import { see } from "../see.ts";

const inNamespace = (namespace: string): object => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
});

/**
 * Opens the way that a policy closes. A policy with a list of rules gets one more; one without, as a
 * default deny is, stays as it is and a policy of its own is made for the Service's pods.
 */
export function allowGateway(
  { from, to, port, direction, policies }: PolicyView["blocked"][number],
  selecting: readonly NetworkPolicy[],
  selector: Readonly<Record<string, string>> | undefined,
): Fix {
  const peer = inNamespace((direction === "ingress" ? from : to).namespace ?? "default");
  const ports = [{ protocol: "TCP", port }];
  const rule = direction === "ingress" ? { from: [peer], ports } : { to: [peer], ports };
  const policy = policies[0];
  const object = selecting.find(
    (p) => p.metadata?.name === policy?.name && p.metadata?.namespace === policy?.namespace,
  );
  if (policy !== undefined && (object?.spec?.[direction]?.length ?? 0) > 0)
    return extended(policy, direction, rule, port);
  const own =
    direction === "ingress" && selector !== undefined
      ? { matchLabels: selector }
      : (object?.spec?.podSelector ?? {});
  return added(
    ref("Pod", to.name, (direction === "ingress" ? to : from).namespace),
    direction,
    rule,
    own,
    port,
  );
}

function extended(policy: ObjectRef, direction: "ingress" | "egress", rule: object, port: number): Fix {
  const body = [{ op: "add", path: `/spec/${direction}/-`, value: rule }];
  const words = ["kubectl", "patch", "networkpolicy", policy.name, "-n", policy.namespace ?? "default"];
  return {
    title: `Allow ${direction === "ingress" ? "the gateway's namespace" : "the pods' namespace"} on the pods' port ${port} in ${refText(policy)}`,
    applicability: "unsafe",
    commands: [see.shell(...words, "--type", "json", "-p", JSON.stringify(body))],
    patch: { object: policy, type: "json", body },
    effect: "opens every pod that the policy selects to that namespace on that port; no pod restarts",
  };
}

function added(
  where: ObjectRef,
  direction: "ingress" | "egress",
  rule: object,
  podSelector: object,
  port: number,
): Fix {
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: `allow-gateway-${port}`, namespace: where.namespace ?? "default" },
    spec: {
      podSelector,
      policyTypes: [direction === "ingress" ? "Ingress" : "Egress"],
      [direction]: [rule],
    },
  };
  return {
    title: `Add a NetworkPolicy that lets the gateway reach the pods on port ${port}; the policies that are there stay`,
    applicability: "unsafe",
    commands: [`${see.shell("echo", JSON.stringify(policy))} | kubectl apply -f -`],
    effect:
      "policies add up, and what one allows no other forbids; pods it selects accept only what some policy allows",
  };
}
