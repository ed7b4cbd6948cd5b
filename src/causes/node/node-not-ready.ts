import type { EndpointView, EventView, NodeView, PodView } from "../../derive/views.ts";
import { ref, refText } from "../../evidence/object-ref.ts";
import type { Attempt, FailureClass, LoggedRequest } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { alive, eventsOn } from "../pods.ts";
import { countText, failedAttempts, ipOf } from "../requests.ts";
import { see } from "../see.ts";

/** The node controller waits 40 to 50 s before it calls a silent node not ready. */
const beforeMs = 90_000;
const afterMs = 5 * 60_000;
const lost: readonly FailureClass[] = [
  "connect-timeout",
  "unreachable",
  "response-timeout",
  "closed-before-header",
];

/**
 * A node stopped answering: power, network, kubelet or container runtime. Its pods look ready until
 * the control plane notices, so for most of a minute the gateway sends to addresses that are silent.
 */
export const nodeNotReady = defineCause({
  id: "node-not-ready",
  title: "A node with pods of the Service is not ready",
  hop: "node",
  codes: [504, 502, 503],
  prior: 0.03,
  leadsTo: [
    "no-endpoints-pods-not-ready",
    "proxy-connect-timeout",
    "stale-endpoint-after-pod-deletion",
    "pod-unschedulable",
    "volume-mount-failure",
  ],
  needs: ["nodes", "pods"],
  helps: ["endpoints", "traffic", "events", "patterns"],
  weigh({ nodes, pods, endpoints, traffic, events }) {
    const bad = nodes.filter(
      (n) => hosts(n, pods) && (n.ready !== "True" || wentDown(n, events) !== undefined),
    );
    const node = bad.find((n) => n.ready !== "True") ?? bad[0];
    if (node === undefined)
      return refuted(
        speaksAgainst.strong(
          "every node with pods of the Service is ready",
          "Nodes .status.conditions[Ready]",
          { see: see.list("nodes", undefined) },
        ),
      );
    const event = wentDown(node, events);
    const downMs = node.ready === "True" ? event?.lastMs : (node.readyChangedMs ?? event?.lastMs);
    const isItsOwn = (attempt: Attempt): boolean => nodeOf(attempt, pods, endpoints) === node.name;
    const explains = (_: LoggedRequest, attempt: Attempt | undefined): boolean => {
      if (attempt?.failure === undefined || !lost.includes(attempt.failure) || !isItsOwn(attempt))
        return false;
      return (
        node.ready !== "True" ||
        downMs === undefined ||
        (attempt.endMs >= downMs - beforeMs && attempt.startMs <= downMs + afterMs)
      );
    };
    const failed = traffic.state === "present" ? failedAttempts(traffic.value) : [];
    const hits = failed.filter(({ request, attempt }) => explains(request, attempt)).length;
    const object = ref("Node", node.name);
    const state =
      node.ready === "True"
        ? `was not ready at ${new Date(downMs ?? 0).toISOString()}`
        : `is ${node.ready === "Unknown" ? "silent" : "not ready"} (${node.readyReason ?? "no reason given"})${node.readyChangedMs === undefined ? "" : ` since ${new Date(node.readyChangedMs).toISOString()}`}`;
    const clues: Clue[] = [
      (node.ready === "True" ? speaksFor.moderate : speaksFor.strong)(
        `node ${node.name} ${state}`,
        `${refText(object)} .status.conditions[Ready]`,
        { see: see.describe(object) },
      ),
    ];
    if (hits > 0)
      clues.push(
        speaksFor.strong(
          `${countText(hits, failed.length, "failed attempts")} went to pods on ${node.name}`,
          "gateway log against .spec.nodeName",
          { group: "node-hits" },
        ),
      );
    const here = alive(pods);
    const onIt = here.filter((p) => p.node === node.name);
    const isDead = here.length > 0 && here.every((p) => !p.ready) && onIt.length === here.length;
    if (isDead && node.ready !== "True")
      clues.push(
        speaksFor.strong(
          `all ${here.length} pods of the Service are on it and none is ready`,
          "Pods .spec.nodeName",
        ),
      );
    const held = node.ready === "True" ? undefined : heldVolume(node, pods, events);
    if (held !== undefined)
      clues.push(
        speaksFor.strong(
          `a pod that cannot be stopped there keeps the volume of ${refText(held.about)}: ${held.message.slice(0, 160)}`,
          `Event on ${refText(held.about)}`,
          { see: see.events(held.about) },
        ),
      );
    if (hits === 0 && !isDead && held === undefined)
      return undecided(
        `node ${node.name} ${state}; no failed request at its pods is known`,
        see.describe(object),
        clues,
      );
    return {
      state: "supported",
      subject: object,
      clues,
      explains,
      fixes: [
        {
          title: `Bring ${node.name} back (kubelet, container runtime, network), or drain it so that its pods start elsewhere`,
          applicability: "unsafe",
          commands: [
            see.describe(object),
            see.shell("kubectl", "drain", node.name, "--ignore-daemonsets", "--delete-emptydir-data"),
          ],
          effect: "evicts every pod of the node",
        },
      ],
    };
  },
});

const hosts = (node: NodeView, pods: readonly PodView[]): boolean => pods.some((p) => p.node === node.name);

/** The replacement waits for a volume that a stopping pod on the node still holds, and nobody serves. */
function heldVolume(
  node: NodeView,
  pods: readonly PodView[],
  events: { state: string; value?: readonly EventView[] },
): EventView | undefined {
  const stays = pods.some((p) => p.node === node.name && p.deletedMs !== undefined);
  if (!stays || events.value === undefined || alive(pods).some((p) => p.ready)) return undefined;
  const all = { state: "present" as const, value: events.value };
  return alive(pods)
    .flatMap((p) => eventsOn(all, p.ref, "FailedAttachVolume"))
    .findLast((e) => /Multi-Attach|already (?:exclusively )?attached/i.test(e.message));
}

function wentDown(
  node: NodeView,
  events: { state: string; value?: readonly EventView[] },
): EventView | undefined {
  return events.value === undefined
    ? undefined
    : eventsOn({ state: "present", value: events.value }, ref("Node", node.name), "NodeNotReady").at(-1);
}

function nodeOf(
  attempt: Attempt,
  pods: readonly PodView[],
  endpoints: { state: string; value?: { all: readonly EndpointView[] } },
): string | undefined {
  const ip = ipOf(attempt.address);
  return pods.find((p) => p.ips.includes(ip))?.node ?? endpoints.value?.all.find((e) => e.ip === ip)?.node;
}
