import type { ContainerView, EventView, PodView, Revision, Workload } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import { refText } from "../../evidence/object-ref.ts";
import type { Attempt, LoggedRequest, Traffic } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { alive, wasEverReady } from "../pods.ts";
import { countText, failedAttempts, ipOf } from "../requests.ts";
import { see } from "../see.ts";
import { beforeAndSince, onsetMs } from "./before-and-since.ts";
import { readinessWeakness } from "./readiness-weakness.ts";
import { newestVersion, revisionBefore, undoFix } from "../template-fix.ts";

/**
 * The new revision is broken and the old one was not: every failure is at pods of the new template,
 * or its pods never become ready. What is wrong with it is for deeper causes; going back helps now.
 */
export const rolloutBadRevision = defineCause({
  id: "rollout-bad-revision",
  title: "The newest revision is broken",
  hop: "pod",
  codes: [502, 503, 504],
  prior: 0.04,
  leadsTo: ["no-endpoints-pods-not-ready", "rollout-recreate-or-max-unavailable", "app-emitted-5xx"],
  needs: ["pods", "workloads"],
  helps: ["traffic", "events", "departed", "patterns"],
  weigh({ pods, workloads, traffic, events, departed }) {
    const workload = workloads.find((w) => w.relation !== "named-alike" && w.revisions.length > 1);
    const version = workload === undefined ? [] : newestVersion(workload);
    // A restart makes pods anew and changes nothing: what is broken came with the first of them.
    const newest = version.at(-1);
    if (workload === undefined || newest?.hash === undefined || version.length === workload.revisions.length)
      return refuted(speaksAgainst.moderate("there is only one revision on record", "ReplicaSets"));
    const isOfNewest = ({ templateHash }: Pick<PodView, "templateHash">): boolean =>
      version.some(({ hash }) => hash === templateHash);
    const fresh = pods.filter(isOfNewest);
    const old = pods.filter((p) => p.templateHash !== undefined && !isOfNewest(p));
    const left = departed.state === "present" ? departed.value.filter(isOfNewest) : [];
    const newIps = new Set([...fresh.flatMap((p) => p.ips), ...left.flatMap((p) => p.ip ?? [])]);
    const ofNew = (attempt: Attempt | undefined): boolean =>
      attempt !== undefined && newIps.has(ipOf(attempt.address));
    const failed =
      traffic.state === "present"
        ? failedAttempts(traffic.value).filter(
            // HAProxy forgets the server when none was left for a retry: such an attempt speaks for no pod.
            ({ attempt }) => attempt.failure !== "no-endpoint" && attempt.address !== "-",
          )
        : [];
    const atNew = failed.filter(({ attempt }) => ofNew(attempt));
    const clues: Clue[] = [];
    const source = `${refText(workload.ref)} ReplicaSets, newest ${newest.ref.name}`;
    const isAllNew = atNew.length >= 5 && atNew.length >= failed.length * 0.95;
    const lives = failedFromTheStart(fresh, traffic) ? livesOf(fresh, traffic) : [];
    const isBroken = lives.some((life) => life !== "sound");
    const isUntold = isBroken && !lives.includes("failing");
    if (isAllNew && isUntold && isStillStarting(alive(fresh), traffic, events))
      return undecided(
        `pods of revision ${newest.number} that failed have answered nothing yet, and no probe says when they can; too early to call it broken`,
        see.describe(workload.ref),
      );
    if (isAllNew && oldServed(old, newest, traffic) && isBroken) {
      clues.push(
        speaksFor.strong(
          `${countText(atNew.length, failed.length, "failed attempts")} are at pods of revision ${newest.number} (${newest.hash}); pods of the revision before serve`,
          "gateway log against pod-template-hash",
          { group: "revision" },
        ),
      );
      clues.push(madeAt(workload, newest));
    }
    const parted =
      traffic.state === "present" && departed.state === "present" && failed.length > 0
        ? beforeAndSince(
            fresh,
            old,
            departed.value.filter((p) => !isOfNewest(p)),
            traffic.value,
          )
        : undefined;
    if (parted !== undefined)
      clues.push(
        speaksFor.strong(
          `${countText(parted.since.failed, parted.since.requests, "requests")} failed when only pods of revision ${newest.number} (${newest.hash}) were left, ${countText(parted.before.failed, parted.before.requests, "requests")} before there was any`,
          "gateway log against the pods' lives",
          { group: "revision" },
        ),
        madeAt(workload, newest),
      );
    const stuck = workload.conditions.find(
      (c) => c.type === "Progressing" && c.reason === "ProgressDeadlineExceeded",
    );
    const neverReady = alive(fresh).length > 0 && alive(fresh).every((p) => !wasEverReady(p));
    if (neverReady && isStillStarting(alive(fresh), traffic, events) && stuck === undefined)
      return undecided(
        `pods of revision ${newest.number} are starting; too early to call it broken`,
        see.describe(workload.ref),
      );
    if (neverReady && alive(old).every((p) => !p.ready)) {
      clues.push(
        speaksFor.strong(
          `none of the ${alive(fresh).length} pods of revision ${newest.number} was ever ready, and no older pod is left to serve`,
          source,
          { see: see.list("pods", workload.ref.namespace) },
        ),
      );
      if (stuck !== undefined)
        clues.push(
          speaksFor.strong(
            `the rollout is given up: ${stuck.message ?? stuck.reason}`,
            `${refText(workload.ref)} .status.conditions[Progressing]`,
          ),
        );
      else
        clues.push(speaksFor.moderate("earlier revisions are on record, so the workload ran before", source));
    } else if (neverReady && clues.length === 0) {
      return undecided(
        `pods of revision ${newest.number} do not become ready; older pods still serve`,
        see.describe(workload.ref),
      );
    }
    if (clues.length === 0)
      return refuted(speaksAgainst.strong("the failures do not follow the newest revision's pods", source));
    const explains = (_: LoggedRequest, attempt: Attempt | undefined): boolean =>
      ofNew(attempt) || (parted !== undefined && attempt !== undefined && attempt.startMs >= parted.firstMs);
    const before = (revisionBefore(workload) ?? workload.revisions[1])?.number;
    return {
      state: "supported",
      subject: workload.ref,
      clues,
      explains,
      fixes: [
        undoFix(workload) ?? {
          title: `Go back to revision ${before} of ${refText(workload.ref)}`,
          applicability: "unsafe",
          commands: [
            see.shell(
              "kubectl",
              "rollout",
              "undo",
              `${workload.ref.kind.toLowerCase()}/${workload.ref.name}`,
              "-n",
              workload.ref.namespace ?? "default",
              `--to-revision=${before}`,
            ),
          ],
          effect: "replaces the new pods by old ones",
        },
      ],
    };
  },
});

const madeAt = (workload: Workload, { createdMs, ref }: Revision): Clue =>
  speaksFor.moderate(
    `the revision was made at ${new Date(createdMs).toISOString()}`,
    `${refText(workload.ref)} ReplicaSets, newest ${ref.name}`,
    {
      see: see.shell(
        "kubectl",
        "rollout",
        "history",
        `${workload.ref.kind.toLowerCase()}/${workload.ref.name}`,
        "-n",
        workload.ref.namespace ?? "default",
      ),
    },
  );

function failedFromTheStart(fresh: readonly PodView[], traffic: Observed<Traffic>): boolean {
  if (traffic.state !== "present") return false;
  const stats = [...traffic.value.addresses].filter(([a]) => fresh.some((p) => p.ips.includes(ipOf(a))));
  const seen = Math.min(...stats.map(([, s]) => s.firstSeenMs));
  const failed = Math.min(...stats.map(([, s]) => s.firstFailureMs ?? Infinity));
  return failed - seen <= onsetMs;
}

/** nginx stamps whole seconds, so what was sent just after the first answer may have been sent before it. */
const stampMs = 1000;

/**
 * What became of each new pod that failed. Sound: it failed only what it was sent before its first answer, or before
 * it was ready, so it was asked too early; a request that waits until its time is over fails long after it was sent.
 * Silent: it has answered nothing, and its readiness does not tell whether it could.
 */
type Life = "sound" | "silent" | "failing";

function livesOf(fresh: readonly PodView[], traffic: Observed<Traffic>): readonly Life[] {
  if (traffic.state !== "present") return [];
  const failures = failedAttempts(traffic.value);
  return [...traffic.value.addresses].flatMap(([address, s]): Life[] => {
    const pod = fresh.find((p) => p.ips.includes(ipOf(address)));
    if (pod === undefined || s.failed === 0) return [];
    const sent = failures.filter(({ attempt }) => attempt.address === address);
    const lastMs = Math.max(...sent.map(({ attempt }) => attempt.startMs)) - stampMs;
    if (pod.ready && (pod.readyChangedMs ?? -Infinity) >= lastMs) return ["sound"];
    const { firstSuccessMs: answeredMs } = s;
    if (answeredMs === undefined) return [readinessWeakness(pod) === undefined ? "failing" : "silent"];
    const isSound = answeredMs >= (s.lastFailureMs ?? Infinity) || answeredMs >= lastMs;
    return [isSound ? "sound" : "failing"];
  });
}

/** Longer than most starts. */
const startMs = 120_000;

const isInTrouble = (c: ContainerView): boolean =>
  c.restarts > 0 ||
  (c.waiting !== undefined && !["ContainerCreating", "PodInitializing"].includes(c.waiting.reason));

/** Young by the newest moment that anything read tells of, and in no trouble that shows. */
function isStillStarting(
  fresh: readonly PodView[],
  traffic: Observed<Traffic>,
  events: Observed<readonly EventView[]>,
): boolean {
  const newestMs = Math.max(
    traffic.state === "present" ? traffic.value.toMs : 0,
    ...(events.state === "present" ? events.value.map((e) => e.lastMs) : []),
  );
  return fresh.every((p) => newestMs - p.createdMs < startMs && !p.containers.some(isInTrouble));
}

function oldServed(old: readonly PodView[], { createdMs }: Revision, traffic: Observed<Traffic>): boolean {
  if (traffic.state !== "present") return false;
  return [...traffic.value.addresses].some(
    ([address, s]) =>
      s.attempts > s.failed &&
      (old.some((p) => p.ips.includes(ipOf(address))) || (s.firstSuccessMs ?? Infinity) < createdMs),
  );
}
