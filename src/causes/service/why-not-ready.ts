import { items } from "../../derive/shape.ts";
import type { EventView, PodView } from "../../derive/views.ts";
import { type ObjectRef, refText } from "../../evidence/object-ref.ts";
import type { Observed } from "../../evidence/observed.ts";
import { type Clue, speaksFor } from "../clue.ts";
import type { Fix } from "../fix.ts";
import { ownerOf } from "../pods.ts";
import { type ProbeFailure, probeFailures } from "../probe-failures.ts";
import { see } from "../see.ts";
import { templateFix } from "../template-fix.ts";

/** What the pods' own objects and events say they wait for, one step below "not ready". */
export interface Waiting {
  /** For the headline: "readiness gate example.com/synced is not met". */
  readonly inShort: string;
  readonly clue: Clue;
  readonly fix?: Fix;
}

/** Who sets a condition that is known by its prefix. */
const setters: readonly (readonly [RegExp, string])[] = [
  [/^target-health\.elbv2\.k8s\.aws\//, "the AWS Load Balancer Controller"],
  [/^cloud\.google\.com\/load-balancer-neg-ready$/, "GKE's NEG controller"],
];

/** Readiness gates that are not met while the containers are ready, then the readiness probe that fails. */
export function whyNotReady(
  pods: readonly PodView[],
  events: Observed<readonly EventView[]>,
): readonly Waiting[] {
  const unready = pods.filter((p) => !p.ready && p.deletedMs === undefined);
  return [...unmetGates(unready), ...failingProbe(unready, events)];
}

/**
 * kubernetes/kubernetes pkg/kubelet/status/generate.go: a pod is Ready when ContainersReady and every
 * condition that `readinessGates` names are True; a condition that nobody has set counts as False.
 */
function unmetGates(pods: readonly PodView[]): Waiting[] {
  const waiting = pods.filter((p) => conditionOf(p, "ContainersReady")?.status === "True");
  const names = new Set(waiting.flatMap(gatesOf));
  return [...names].sort().flatMap((name) => {
    const held = waiting.filter((p) => gatesOf(p).includes(name) && conditionOf(p, name)?.status !== "True");
    const [first] = held;
    if (first === undefined) return [];
    const condition = conditionOf(first, name);
    const said = [condition?.reason, condition?.message].filter((s) => s !== undefined && s !== "");
    const state =
      condition === undefined
        ? "nobody has set that condition"
        : `the condition is ${condition.status}${said.length === 0 ? "" : ` (${said.join(": ").slice(0, 160)})`}`;
    const setter = setters.find(([pattern]) => pattern.test(name))?.[1];
    const text = `${held.length} of ${pods.length} pods that are not ready have ready containers and wait for their readiness gate ${name}: ${state}`;
    return [
      {
        inShort: `readiness gate ${name} is not met`,
        clue: speaksFor.strong(text, `Pods .spec.readinessGates and .status.conditions[${name}]`, {
          see: see.field(first.ref, ".status.conditions"),
          group: "why",
        }),
        // A condition that somebody sets is somebody's; one that nobody ever set keeps every pod back for nothing.
        fix:
          setter === undefined && held.every((p) => conditionOf(p, name) === undefined)
            ? withoutGate(name, first)
            : gateFix(name, setter, ownerOf(first)),
      },
    ];
  });
}

function withoutGate(name: string, pod: PodView): Fix {
  const owner = ownerOf(pod);
  const others = items(pod.spec.readinessGates).filter((gate) => gate.conditionType !== name);
  return {
    title: `Take the readiness gate ${name} out of the pods of ${refText(owner)}, as nobody has ever set that condition (or let its controller run, and patch pods/status)`,
    applicability: "unsafe",
    ...templateFix(owner, { readinessGates: others.length === 0 ? null : others }),
    effect: "replaces the pods; they are ready when their containers are",
  };
}

function gateFix(name: string, setter: string | undefined, owner: ObjectRef): Fix {
  return {
    title: `Let ${setter ?? "the controller that owns it"} set the condition ${name} on the pods (is it running, and may it patch pods/status?), or take the readiness gate out of the pod template`,
    applicability: "display-only",
    commands: [see.edit(owner)],
  };
}

/** The newest failure of a readiness probe, or of a startup probe, before which readiness is not asked. */
function failingProbe(pods: readonly PodView[], events: Observed<readonly EventView[]>): Waiting[] {
  const failing = probeFailures(events, pods).filter((f) => f.kind !== "liveness" && isOfThisStart(f));
  const last = failing.at(-1);
  if (last === undefined) return [];
  const count = new Set(failing.filter((f) => f.kind === last.kind).map((f) => f.pod.ref.name)).size;
  const said = last.event.message.replace(/^\w+ probe (?:failed|errored)[^:]*: ?/i, "").trim();
  const how = last.probe?.type === "exec" ? ` (${commandOf(last)})` : "";
  return [
    {
      inShort: `the ${last.kind} probe fails`,
      clue: speaksFor.strong(
        `${count} of ${pods.length} pods that are not ready fail their ${last.kind} probe${how}: ${said.slice(0, 180)}`,
        `Events of Pod ${last.pod.ref.namespace}/${last.pod.ref.name}, Unhealthy`,
        { see: see.events(last.pod.ref), group: "why" },
      ),
    },
  ];
}

/** A probe that failed before the container last started says nothing of the process that runs now. */
const isOfThisStart = ({ pod, event, probe }: ProbeFailure): boolean => {
  const startedMs = pod.containers.find((c) => c.name === (probe?.container ?? event.container))?.startedMs;
  return startedMs === undefined || event.lastMs >= startedMs;
};

const commandOf = ({ probe }: ProbeFailure): string =>
  items(probe?.probe.exec?.command).join(" ").slice(0, 80);

const gatesOf = (pod: PodView): string[] =>
  items(pod.spec.readinessGates)
    .map((gate) => gate.conditionType)
    .filter((type) => typeof type === "string");

const conditionOf = (pod: PodView, type: string) =>
  items(pod.pod.status?.conditions).find((condition) => condition.type === type);
