import type { NetworkPolicyPort } from "kubernetes-types/networking/v1";
import { items } from "./shape.ts";
import type { PodView } from "./views.ts";

/**
 * Whether a rule's ports include a TCP port of the destination pod; no ports at all mean every
 * port. A named port is looked up in the destination pod, so it may differ from pod to pod.
 */
export function portsMatch(
  ports: readonly NetworkPolicyPort[] | null | undefined,
  port: number,
  destination: PodView,
): boolean {
  const listed = items(ports);
  return listed.length === 0 || listed.some((p) => portMatches(p, port, destination));
}

function portMatches(rule: NetworkPolicyPort, port: number, destination: PodView): boolean {
  if ((rule.protocol ?? "TCP") !== "TCP") return false;
  const written = rule.port ?? undefined;
  if (written === undefined) return true;
  if (typeof written === "number") {
    const last = typeof rule.endPort === "number" ? rule.endPort : written;
    return port >= written && port <= last;
  }
  return numbersOf(written, destination).includes(port);
}

function numbersOf(name: string, destination: PodView): readonly number[] {
  return destination.containers
    .flatMap((c) => items(c.spec.ports))
    .filter((p) => p.name === name && (p.protocol ?? "TCP") === "TCP")
    .map((p) => p.containerPort);
}

/** "8080, 9000-9010, http"; "every port" without ports. */
export function portsText(ports: readonly NetworkPolicyPort[] | null | undefined): string {
  const listed = items(ports).map((p) => {
    const range = typeof p.endPort === "number" ? `${String(p.port)}-${p.endPort}` : (p.port ?? "any port");
    return p.protocol === undefined || p.protocol === "TCP" ? String(range) : `${p.protocol} ${range}`;
  });
  return listed.join(", ") || "every port";
}
