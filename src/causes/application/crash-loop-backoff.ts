import type { AppSignal, AppSignalKind, Traffic } from "../../logs/traffic.ts";
import type { PodView, Workload } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import { refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { downSpans, endedAt, within } from "../lifetimes.ts";
import { alive, type ContainerOf, containerText, ownerOf, servedByOthers } from "../pods.ts";
import { failedAttempts } from "../requests.ts";
import { see } from "../see.ts";
import type { Fix } from "../fix.ts";
import { newestOf, undoFix } from "../template-fix.ts";

/** What the usual exit codes mean; 128 + n is death by signal n. */
const exitMeanings: Readonly<Record<number, string>> = {
  0: "it ended by itself, as if done",
  1: "an error of the application",
  2: "misuse or a panic",
  126: "the command cannot be executed",
  127: "the command was not found",
  134: "it aborted",
  137: "it was killed (SIGKILL)",
  139: "it crashed (segmentation fault)",
  143: "it was told to stop (SIGTERM)",
};

const telling: readonly AppSignalKind[] = [
  "start-failed",
  "missing-config",
  "port-in-use",
  "permission-denied",
  "out-of-memory",
  "dependency-refusal",
  "connect-error",
  "dns-error",
  "tls-error",
];

/** Fewer failures at the moment of an end may be there by chance. */
const fewestCut = 2;

/**
 * The process ends soon after each start and the kubelet waits longer and longer before the next
 * try: 10 s, doubling to 5 min. In the gaps there is nothing to connect to.
 */
export const crashLoopBackoff = defineCause({
  id: "crash-loop-backoff",
  title: "The container crashes again and again",
  hop: "application",
  codes: [503, 502],
  prior: 0.04,
  leadsTo: ["no-endpoints-pods-not-ready", "rollout-bad-revision", "rollout-recreate-or-max-unavailable"],
  needs: ["pods"],
  helps: ["traffic", "appLog", "patterns", "workloads"],
  weigh({ pods, traffic, appLog, workloads }) {
    const looping = loopingContainer(pods) ?? endedUnderLoad(pods, traffic);
    if (looping === undefined)
      return refuted(
        speaksAgainst.decisive(
          "no container is in CrashLoopBackOff, and none that restarted repeatedly ended as requests failed",
          "Pods .status.containerStatuses",
        ),
      );
    const { pod, container } = looping;
    const explains = endedAt([pod]);
    const hits =
      traffic.state === "present"
        ? failedAttempts(traffic.value).filter(({ request, attempt }) => explains(request, attempt)).length
        : 0;
    const end = container.terminations[0];
    const how =
      end === undefined ? "" : `, last exit ${end.exitCode} (${exitMeanings[end.exitCode] ?? end.reason})`;
    const text = `${containerText(looping)} restarted ${container.restarts} times${how}, now ${container.waiting?.reason ?? (container.ready ? "up again" : "down")}`;
    const elsewhere = hits > 0 ? undefined : servedByOthers(pods, pod, text);
    if (elsewhere !== undefined) return elsewhere;
    const clues: Clue[] = [
      speaksFor.decisive(text, `${refText(pod.ref)} .status.containerStatuses[${container.name}]`, {
        see: see.logs(pod.ref, container.name, true),
      }),
    ];
    if (hits > 0)
      clues.push(speaksFor.moderate(`${hits} attempts at its address were cut or refused`, "gateway log"));
    const said = lastWords(appLog, pod);
    if (said !== undefined)
      clues.push(
        speaksFor.weak(
          `its log says: ${said.line.slice(0, 200)}`,
          `log of ${refText(pod.ref)}${said.previous ? ", previous container" : ""}`,
        ),
      );
    return {
      state: "supported",
      subject: ownerOf(pod),
      clues,
      explains,
      fixes: [
        {
          title: `Read the log of the container before the last restart and mend what ends it`,
          applicability: "display-only",
          commands: [see.logs(pod.ref, container.name, true)],
        },
        withRollout(pod, workloads),
      ],
    };
  },
});

/** Back to the revision before, field by field where the pod is of the newest and the one before is known. */
function withRollout(pod: PodView, workloads: Observed<readonly Workload[]>): Fix {
  const { kind, name, namespace } = ownerOf(pod);
  const undo = undoFix(newestOf(pod, workloads));
  const title = "If it began with a rollout, go back to the revision before";
  if (undo !== undefined) return { ...undo, title };
  const words = ["kubectl", "rollout", "undo", `${kind.toLowerCase()}/${name}`, "-n", namespace ?? "default"];
  return { title, applicability: "unsafe", commands: [see.shell(...words)], effect: "replaces the pods" };
}

function loopingContainer(pods: readonly PodView[]): ContainerOf | undefined {
  const all = alive(pods).flatMap((pod) =>
    pod.containers.filter((c) => c.role !== "init").map((container) => ({ pod, container })),
  );
  return (
    all.find(({ container }) => container.waiting?.reason === "CrashLoopBackOff") ??
    all.find(
      ({ pod, container }) =>
        !pod.ready && container.restarts >= 2 && container.terminations[0]?.current === true,
    )
  );
}

/** A container that is up again, restarted more than once, and cut or refused requests at its last end. */
function endedUnderLoad(pods: readonly PodView[], traffic: Observed<Traffic>): ContainerOf | undefined {
  if (traffic.state !== "present") return undefined;
  const failed = failedAttempts(traffic.value);
  return alive(pods).flatMap((pod) => {
    const ended = endedAt([pod]);
    const spans = downSpans(pod);
    const cut = failed.filter(
      ({ request, attempt }) => ended(request, attempt) && spans.some((span) => within(span, attempt.endMs)),
    );
    const container = pod.containers.find((c) => c.role !== "init" && c.restarts >= 2);
    return container === undefined || cut.length < fewestCut ? [] : [{ pod, container }];
  })[0];
}

function lastWords(appLog: Observed<readonly AppSignal[]>, pod: PodView): AppSignal | undefined {
  return appLog.state === "present"
    ? appLog.value.findLast((s) => s.pod === pod.ref.name && telling.includes(s.kind))
    : undefined;
}
