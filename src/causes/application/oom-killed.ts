import type { EventView, PodView } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import { refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, type Judgement, refuted, undecided } from "../define-cause.ts";
import type { Fix } from "../fix.ts";
import { endedAt, joinMs } from "../lifetimes.ts";
import { fullMemoryClues, oomKillOfGonePod } from "../metric-clues.ts";
import { alive, type ContainerOf, containerText, eventsOn, ownerOf } from "../pods.ts";
import { failedAttempts, isUnplaced, ofClass } from "../requests.ts";
import { see } from "../see.ts";
import { templateFix } from "../template-fix.ts";

/** The kubelet's report of an end reaches the Ready condition within seconds. */
const settleMs = 60_000;

/**
 * The container used more memory than its limit (or the node ran out) and was killed. Requests in
 * flight lose their connection at that second, new ones are refused until the restart is ready.
 */
export const oomKilled = defineCause({
  id: "oom-killed",
  title: "The container was killed for memory",
  hop: "application",
  codes: [502, 503],
  prior: 0.03,
  leadsTo: [
    "crash-loop-backoff",
    "no-endpoints-pods-not-ready",
    "rollout-bad-revision",
    "liveness-probe-restart-loop",
  ],
  needs: ["pods"],
  helps: ["traffic", "events", "patterns", "metrics"],
  weigh({ pods, traffic, events, metrics }) {
    const killed = killedContainers(pods);
    const first = killed[0];
    const unborn = first === undefined ? killedAtBirth(pods, events) : undefined;
    if (unborn !== undefined) return unborn;
    const gone = first === undefined ? oomKillOfGonePod(metrics, pods) : undefined;
    if (gone !== undefined)
      return undecided(
        `${gone.namespace}/${gone.pod} was OOMKilled before ${new Date(gone.fromMs).toISOString()}, says Prometheus, and that pod is gone: what it took with it is not known`,
        see.list("events", gone.namespace),
      );
    if (first === undefined)
      return refuted(
        speaksAgainst.decisive(
          "no container's current or last end is OOMKilled",
          "Pods .status.containerStatuses",
        ),
      );
    const { pod, container } = first;
    const end = container.terminations.find((t) => t.reason === "OOMKilled");
    const at =
      end?.finishedMs === undefined ? "at an unknown time" : `at ${new Date(end.finishedMs).toISOString()}`;
    const limit = container.spec.resources?.limits?.["memory"];
    const text = `${containerText(first)} was OOMKilled ${at}, exit ${end?.exitCode ?? 137}, ${container.restarts} restarts${limit === undefined ? ", no memory limit" : `, memory limit ${limit}`}`;
    const source = `${refText(pod.ref)} .status.containerStatuses[${container.name}]`;
    const explains = endedAt(killed.map((k) => k.pod));
    const struck =
      traffic.state === "present"
        ? failedAttempts(traffic.value).filter(({ request, attempt }) => explains(request, attempt))
        : [];
    const hits = struck.length;
    const isPlaced = struck.some(({ attempt }) => !isUnplaced(attempt));
    const down = killed.find(isDownSince);
    const endsMs = killed.flatMap((k) => k.container.terminations.flatMap((t) => t.finishedMs ?? []));
    const clues: Clue[] = [
      speaksFor.strong(text, source, { see: see.describe(pod.ref) }),
      ...fullMemoryClues(
        metrics,
        killed.map((k) => k.pod),
        endsMs,
      ),
    ];
    if (hits > 0)
      clues.push(
        (isPlaced ? speaksFor.decisive : speaksFor.moderate)(
          `${hits} attempts ${isPlaced ? "at its address " : ""}were cut or refused at that time`,
          "gateway log against container times",
          { group: "cut" },
        ),
      );
    if (down !== undefined)
      clues.push(
        speaksFor.strong(
          `${refText(down.pod.ref)} is not ready since`,
          `${refText(down.pod.ref)} .status.conditions[Ready]`,
        ),
      );
    if (hits === 0 && down === undefined)
      return undecided(
        `${text}; neither a failed request nor a pod that is not ready belongs to that time`,
        see.describe(pod.ref),
        clues,
      );
    return { state: "supported", subject: ownerOf(pod), clues, explains, fixes: [fix(first)] };
  },
});

/**
 * A limit so low that not even the container's first process fits: runc's words in the event of a
 * sandbox or container that cannot be created.
 */
function killedAtBirth(
  pods: readonly PodView[],
  events: Observed<readonly EventView[]>,
): Judgement | undefined {
  for (const pod of alive(pods).filter((p) => !p.ready)) {
    const told = eventsOn(events, pod.ref, "FailedCreatePodSandBox", "Failed", "BackOff").findLast((e) =>
      /OOM-killed/.test(e.message),
    );
    const container = pod.containers.find((c) => c.role !== "init");
    if (told === undefined || container === undefined) continue;
    const limit = container.spec.resources?.limits?.["memory"];
    const text = `${refText(pod.ref)} cannot start: ${told.message.slice(-120)}${limit === undefined ? "" : `; memory limit ${limit}`}`;
    const source = `Events of ${refText(pod.ref)}, ${told.reason}, ${told.count} times`;
    const clues = [speaksFor.decisive(text, source, { see: see.events(pod.ref) })];
    return {
      state: "supported",
      subject: ownerOf(pod),
      clues,
      explains: ofClass("no-endpoint"),
      fixes: [fix({ pod, container })],
    };
  }
  return undefined;
}

function killedContainers(pods: readonly PodView[]): ContainerOf[] {
  return pods.flatMap((pod) =>
    pod.containers
      .filter((c) => c.role !== "init" && c.terminations.some((t) => t.reason === "OOMKilled"))
      .map((container) => ({ pod, container })),
  );
}

/** Down for this end and no other reason: not started again, or not ready since the very minute. */
function isDownSince({ pod, container }: ContainerOf): boolean {
  if (pod.ready || container.ready) return false;
  const end = container.terminations[0];
  if (end?.reason !== "OOMKilled") return false;
  if (container.waiting !== undefined || end.current) return true;
  const turnedMs = pod.readyChangedMs;
  if (turnedMs === undefined || end.finishedMs === undefined) return false;
  return turnedMs >= end.finishedMs - joinMs && turnedMs <= end.finishedMs + settleMs;
}

function fix({ pod, container }: ContainerOf): Fix {
  const owner = ownerOf(pod);
  const memory = doubled(container.spec.resources?.limits?.["memory"]);
  const { patch } = templateFix(owner, {
    containers: [{ name: container.name, resources: { limits: { memory } } }],
  });
  return {
    title: `Raise the memory limit of container ${container.name} of ${refText(owner)}${memory === undefined ? "" : ` to ${memory}`}, or make the process stay under it (heap size, leak, request size)`,
    applicability: "unsafe",
    commands: [
      see.shell(
        "kubectl",
        "set",
        "resources",
        `${owner.kind.toLowerCase()}/${owner.name}`,
        "-n",
        owner.namespace ?? "default",
        "-c",
        container.name,
        `--limits=memory=${memory ?? "LIMIT"}`,
      ),
      see.shell("kubectl", "top", "pod", pod.ref.name, "-n", pod.ref.namespace ?? "default", "--containers"),
    ],
    ...(memory === undefined || patch === undefined ? {} : { patch }),
    effect: "replaces the pods",
  };
}

/** Twice the limit in its own unit. */
function doubled(limit: string | undefined): string | undefined {
  const match = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(limit ?? "");
  return match === null ? undefined : `${Number(match[1]) * 2}${match[2]}`;
}
