import { ref, refText } from "../evidence/object-ref.ts";
import type { FailureClass } from "../logs/traffic.ts";
import type { Scene } from "./attempt-scene.ts";
import { joinMs, relation, type StateAt, type Try } from "./attempt-state.ts";
import type { EventView, NodeView, PodView } from "./views.ts";

/** How long the control plane waits for a node before it calls it lost (kube-controller-manager --node-monitor-grace-period: 40 s, 50 s since 1.32), and some. */
const unnoticedMs = 60_000;

/** How attempts at a machine that is gone fail: it refuses nothing and answers nothing. */
const silent: ReadonlySet<FailureClass> = new Set([
  "connect-timeout",
  "unreachable",
  "response-timeout",
  "closed-before-header",
  "truncated",
  "no-endpoint",
  "unclassified",
]);

/** The node of the pod was not ready, silent, or no more. */
export function nodeLostAt(
  pod: { readonly ref: PodView["ref"]; readonly node?: string },
  one: Try,
  scene: Pick<Scene, "nodes" | "eventsAbout">,
): StateAt | undefined {
  if (pod.node === undefined || !silent.has(one.class)) return undefined;
  const node = scene.nodes.find((n) => n.name === pod.node);
  const about = `Node ${pod.node}`;
  const found = (atMs: number, text: string, source: string): StateAt => ({
    state: "node-lost",
    pod: pod.ref,
    text: relation(one.endMs, atMs, text),
    source,
  });
  if (node !== undefined && node.ready !== "True" && node.missing !== true) {
    const since = node.readyChangedMs;
    const slackMs = node.ready === "Unknown" ? unnoticedMs : joinMs;
    if (since !== undefined && one.endMs >= since - slackMs) {
      const text = `${about} became Ready=${node.ready}${node.readyReason === undefined ? "" : ` (${node.readyReason})`}`;
      return found(since, text, `${about} .status.conditions[Ready]`);
    }
  }
  const events = scene.eventsAbout(ref("Node", pod.node));
  const event = events.find((e) => lossReasons.has(e.reason) && isDuring(e, one, node));
  if (event === undefined && node?.missing === true && !servedSince(one))
    return { state: "node-lost", pod: pod.ref, text: `no ${about} exists any more`, source: about };
  return event && found(event.firstMs, `${event.reason} of ${about}`, refText(event.ref));
}

const servedSince = (one: Try): boolean =>
  one.stats?.lastSuccessMs !== undefined && one.stats.lastSuccessMs >= one.startMs;

const lossReasons: ReadonlySet<string> = new Set([
  "NodeNotReady",
  "NodeShutdown",
  "Shutdown",
  "RemovingNode",
  "DeletingNode",
  "Rebooted",
]);

/** Until the node was ready again, when it is. */
function isDuring(event: EventView, one: Try, node: NodeView | undefined): boolean {
  const back = node?.ready === "True" ? node.readyChangedMs : undefined;
  const until = back === undefined || back < event.firstMs ? event.lastMs : back;
  return one.endMs >= event.firstMs - unnoticedMs && one.startMs <= until + joinMs;
}
