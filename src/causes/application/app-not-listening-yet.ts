import { probesOf } from "../../derive/probes.ts";
import type { PodView } from "../../derive/views.ts";
import { type ObjectRef, refText } from "../../evidence/object-ref.ts";
import type { Attempt, LoggedRequest, Traffic } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import type { Fix } from "../fix.ts";
import { joinMs } from "../lifetimes.ts";
import { serviceRef } from "../names.ts";
import { ownerOf } from "../pods.ts";
import { failedAttempts, ipOf, isUnplaced } from "../requests.ts";
import { see } from "../see.ts";
import { templateFix } from "../template-fix.ts";

/** After this a process that refuses is not "starting". */
const longestStartMs = 10 * 60_000;

/**
 * A new pod is in the endpoints before its process accepts connections: no readiness probe, one
 * that passes too early, or publishNotReadyAddresses. It refuses for seconds and then serves; each
 * rollout and scale-up repeats it.
 */
export const appNotListeningYet = defineCause({
  id: "app-not-listening-yet",
  title: "New pods get requests before they listen",
  hop: "application",
  codes: [502, 503],
  prior: 0.03,
  leadsTo: [],
  needs: ["pods", "traffic"],
  helps: ["appLog", "service", "patterns"],
  weigh({ pods, traffic, appLog, service }) {
    const young = pods.flatMap((pod) => firstRefusals(pod, traffic) ?? []);
    const refused = failedAttempts(traffic).filter(({ attempt }) => attempt.failure === "connect-refused");
    if (young.length === 0) {
      if (
        refused.length > 0 &&
        refused.every(({ attempt }) => isUnplaced(attempt)) &&
        bornDuring(pods, traffic)
      )
        return undecided(
          "attempts were refused and pods were new; the gateway's log names its servers and not the pods behind them",
        );
      return refused.length === 0
        ? refuted(speaksAgainst.decisive("no attempt was refused", "gateway log"))
        : refuted(
            speaksAgainst.strong(
              "the refusals are not in the first moments of a pod that served afterwards",
              "gateway log against pod times",
            ),
          );
    }
    const explains = (_: LoggedRequest, attempt: Attempt | undefined): boolean =>
      attempt?.failure === "connect-refused" && young.some((y) => y.covers(attempt));
    const hits = refused.filter(({ request, attempt }) => explains(request, attempt)).length;
    const first = young[0]!;
    const clues: Clue[] = [
      speaksFor.strong(
        `${hits} attempts were refused by ${young.length} new pods between container start and first answer (${refText(first.pod.ref)}: ${Math.round(first.forMs / 100) / 10} s)`,
        "gateway log against container times",
        { see: see.describe(first.pod.ref), group: "first-answer" },
      ),
    ];
    const others = refused.length - hits;
    clues.push(
      others === 0
        ? speaksFor.strong("no older pod refused anything", "gateway log")
        : speaksAgainst.moderate(`${others} refusals were by other pods`, "gateway log"),
    );
    const said =
      appLog.state === "present"
        ? appLog.value.find(
            (s) =>
              (s.kind === "listening" || s.kind === "started") &&
              s.pod === first.pod.ref.name &&
              s.timeMs !== undefined,
          )
        : undefined;
    if (said?.timeMs !== undefined && Math.abs(said.timeMs - first.untilMs) < 10_000)
      clues.push(
        speaksFor.moderate(
          `it says that it listens only from ${new Date(said.timeMs).toISOString()}`,
          `log of ${refText(first.pod.ref)}`,
        ),
      );
    const early =
      service.state === "present" && service.value.spec?.publishNotReadyAddresses === true
        ? serviceRef(service.value)
        : undefined;
    if (early !== undefined)
      clues.push(
        speaksFor.strong(
          `${refText(early)} sends requests to pods that are not ready: publishNotReadyAddresses is true`,
          `${refText(early)} .spec.publishNotReadyAddresses`,
          { see: see.field(early, ".spec.publishNotReadyAddresses") },
        ),
      );
    if (hits === 0) return undecided("refusals near pod starts, none inside them", undefined, clues);
    const owner = ownerOf(first.pod);
    return {
      state: "supported",
      subject: early ?? owner,
      clues,
      explains,
      fixes: [early === undefined ? probeFix(owner, first.pod) : publishFix(early)],
    };
  },
});

function probeFix(owner: ObjectRef, pod: PodView): Fix {
  const container = pod.targetContainer ?? pod.containers.find((c) => c.role === "main")?.name;
  const title = `Give ${refText(owner)} a readiness probe on its serving port and path (and a startupProbe for a slow start)`;
  const hasProbe = probesOf(pod).some((p) => p.kind === "readiness" && p.container === container);
  // What a probe that is there should ask instead, a person decides.
  if (container === undefined || pod.targetPort === undefined || hasProbe)
    return { title, applicability: "unsafe", commands: [see.edit(owner)], effect: "replaces the pods" };
  // That it listens is what these requests lacked; what else it needs to be ready only its makers know.
  const readinessProbe = { tcpSocket: { port: pod.targetPort }, periodSeconds: 5 };
  return {
    title: `${title}: here a connection to port ${pod.targetPort}`,
    applicability: "unsafe",
    ...templateFix(owner, { containers: [{ name: container, readinessProbe }] }),
    effect: "replaces the pods",
  };
}

function publishFix(service: ObjectRef): Fix {
  const body = { spec: { publishNotReadyAddresses: false } };
  const { name, namespace } = service;
  return {
    title: `Let ${refText(service)} publish ready pods only: publishNotReadyAddresses false (peers that must find each other before they are ready need a headless Service of their own)`,
    applicability: "unsafe",
    commands: [
      see.shell(
        "kubectl",
        "patch",
        "service",
        name,
        "-n",
        namespace ?? "default",
        "--type",
        "merge",
        "-p",
        JSON.stringify(body),
      ),
    ],
    patch: { object: service, type: "merge", body },
    effect: "pods that are not ready leave the endpoints at once",
  };
}

const bornDuring = (pods: readonly PodView[], traffic: Traffic): boolean =>
  pods.some(({ createdMs }) => createdMs >= traffic.fromMs && createdMs <= traffic.toMs);

interface Young {
  readonly pod: PodView;
  readonly untilMs: number;
  readonly forMs: number;
  readonly covers: (attempt: Attempt) => boolean;
}

/** Refusals of a pod between the start of its first container and its first success. */
function firstRefusals(pod: PodView, traffic: Traffic): Young | undefined {
  const restarted = pod.containers.some((c) => c.role === "main" && c.restarts > 0);
  const started = Math.min(
    ...pod.containers.flatMap((c) => (c.role === "main" ? (c.startedMs ?? Infinity) : Infinity)),
  );
  if (restarted || !Number.isFinite(started)) return undefined;
  for (const [address, stats] of traffic.addresses) {
    if (
      !pod.ips.includes(ipOf(address)) ||
      stats.firstFailureMs === undefined ||
      stats.firstSuccessMs === undefined
    )
      continue;
    const isFirst = stats.firstFailureMs < stats.firstSuccessMs && stats.firstFailureMs >= started - joinMs;
    if (!isFirst || stats.firstSuccessMs - started > longestStartMs) continue;
    const untilMs = stats.firstSuccessMs;
    const covers = (attempt: Attempt): boolean =>
      attempt.address === address && attempt.endMs <= untilMs + joinMs;
    return { pod, untilMs, forMs: untilMs - started, covers };
  }
  return undefined;
}
