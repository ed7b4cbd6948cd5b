import type { PodView } from "../../derive/views.ts";
import { ref, refText } from "../../evidence/object-ref.ts";
import type { Attempt, LoggedRequest } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { alive, eventsOn, ownerOf } from "../pods.ts";
import { failedAttempts, failuresOf, ipOf } from "../requests.ts";
import { see } from "../see.ts";

const joinMs = 90_000;

/**
 * The kubelet evicts pods because its node runs out of memory or disk. They are killed with little
 * or no grace, and their endpoints leave after them. When it is the gateway's pod, every route suffers.
 */
export const nodePressureEviction = defineCause({
  id: "node-pressure-eviction",
  title: "Pods were evicted because their node ran short",
  hop: "node",
  codes: [502, 503, 504],
  prior: 0.02,
  leadsTo: ["no-endpoints-pods-not-ready", "ingress-controller-restart", "stale-endpoint-after-pod-deletion"],
  needs: ["pods"],
  helps: ["gateway", "events", "departed", "traffic", "nodes", "patterns"],
  weigh({ pods, gateway, events, departed, traffic, nodes }) {
    const gatewayPods = gateway.state === "present" ? gateway.value.pods : [];
    const refs = [...pods, ...gatewayPods]
      .map((p) => p.ref)
      .concat(departed.state === "present" ? departed.value.map((d) => d.ref) : []);
    const told = refs.flatMap((r) => eventsOn(events, r, "Evicted")).sort((a, b) => a.lastMs - b.lastMs);
    const evicted = [...pods, ...gatewayPods].filter((p) => p.reason === "Evicted");
    const last = told.at(-1);
    const pod = evicted.at(-1);
    if (last === undefined && pod === undefined)
      return refuted(
        speaksAgainst.strong(
          "no pod of the Service or the gateway was evicted",
          "Pods .status.reason and events",
        ),
      );
    const times = [
      ...told.map((e) => e.lastMs),
      ...evicted.flatMap((p) => p.timeline.filter((m) => m.kind === "evicted").map((m) => m.atMs)),
    ];
    const subject = pod?.ref ?? last!.about;
    const message = pod?.pod.status?.message ?? last?.message ?? "";
    const isGateway =
      gatewayPods.some((p) => p.ref.name === subject.name) && !pods.some((p) => p.ref.name === subject.name);
    const clues: Clue[] = [
      speaksFor.strong(
        `${refText(subject)} was evicted: ${message.slice(0, 200)}`,
        `${refText(subject)} .status`,
        { see: see.describe(subject) },
      ),
    ];
    const pressed = nodes.state === "present" ? nodes.value.find((n) => n.pressures.length > 0) : undefined;
    if (pressed !== undefined)
      clues.push(
        speaksFor.moderate(
          `node ${pressed.name} reports ${pressed.pressures.join(", ")}`,
          `Node ${pressed.name} .status.conditions`,
          { see: see.describe(ref("Node", pressed.name)) },
        ),
      );
    const here = alive(pods).filter((p) => p.phase !== "Failed");
    const isDead = here.every((p) => !p.ready);
    if (isDead && !isGateway)
      clues.push(speaksFor.strong("no pod of the Service is ready", "Pods .status.conditions[Ready]"));
    const known = new Set(here.flatMap((p) => p.ips));
    const near = (ms: number): boolean => times.some((t) => Math.abs(t - ms) <= joinMs);
    const explains = (request: LoggedRequest, attempt: Attempt | undefined): boolean =>
      near(request.endMs) &&
      (attempt === undefined
        ? request.failure === "no-endpoint"
        : wasEvicted(attempt, evicted) || !known.has(ipOf(attempt.address)));
    const hits =
      traffic.state === "present"
        ? failedAttempts(traffic.value).filter((f) => explains(f.request, f.attempt)).length +
          failuresOf(traffic, "no-endpoint").filter((r) => explains(r, undefined)).length
        : 0;
    if (hits > 0)
      clues.push(
        speaksFor.strong(
          `${hits} failures within ${joinMs / 1000} s of it, at its address or for want of endpoints`,
          "gateway log against events",
        ),
      );
    if (isGateway)
      clues.push(
        speaksFor.strong(
          "it is a pod of the gateway, so every route loses what it held",
          `${refText(subject)}`,
        ),
      );
    if (!isDead && hits === 0 && !isGateway)
      return undecided(
        "a pod was evicted; others served and no failed request is known from then",
        see.describe(subject),
        clues,
      );
    const owner = pod === undefined ? subject : ownerOf(pod);
    return {
      state: "supported",
      subject,
      clues,
      explains,
      ...(isGateway ? { leavesNoLine: true } : {}),
      fixes: [
        {
          title: `Give ${refText(owner)} requests that match its use, and find what fills the node (memory or disk)`,
          applicability: "display-only",
          commands: [see.shell("kubectl", "top", "pods", "-A", "--sort-by=memory")],
        },
      ],
    };
  },
});

const wasEvicted = (attempt: Attempt, evicted: readonly PodView[]): boolean =>
  evicted.some((p) => p.ips.includes(ipOf(attempt.address)));
