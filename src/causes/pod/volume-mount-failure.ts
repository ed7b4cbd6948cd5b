import type { ClaimView, EventView, PodView } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import { type ObjectRef, ref, refText } from "../../evidence/object-ref.ts";
import type { AppSignal } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { alive, eventsOn, ownerOf, servedByOthers } from "../pods.ts";
import { ofClass } from "../requests.ts";
import { see } from "../see.ts";

const mountReasons = ["FailedMount", "FailedAttachVolume", "FailedMapVolume", "VolumeResizeFailed"];
const claimReasons = [
  "ProvisioningFailed",
  "FailedBinding",
  "VolumeMismatch",
  "ExternalProvisioning",
  "WaitForPodScheduled",
  "ClaimLost",
];

/**
 * The pod waits for a volume: the claim does not exist or is not bound, attaching or mounting
 * fails, or the mount succeeds and the process may not write there.
 */
export const volumeMountFailure = defineCause({
  id: "volume-mount-failure",
  title: "A volume of the pod cannot be used",
  hop: "pod",
  codes: [503, 502],
  prior: 0.02,
  leadsTo: [
    "no-endpoints-pods-not-ready",
    "pod-unschedulable",
    "crash-loop-backoff",
    "container-config-error",
    "init-container-failing",
    "rollout-bad-revision",
    "rollout-recreate-or-max-unavailable",
  ],
  needs: ["pods"],
  helps: ["claims", "events", "appLog"],
  weigh({ pods, claims, events, appLog }) {
    const stuck = alive(pods).filter((p) => !p.ready);
    for (const pod of stuck) {
      const found = unboundClaim(pod, claims, events) ?? failedMount(pod, events) ?? deniedPath(pod, appLog);
      if (found === undefined) continue;
      const elsewhere = servedByOthers(pods, pod, found.clues[0]!.text);
      if (elsewhere !== undefined) return elsewhere;
      return {
        state: "supported",
        subject: found.subject,
        clues: found.clues,
        explains: ofClass("no-endpoint"),
        fixes: [
          { title: found.remedy, applicability: "display-only", commands: [see.describe(found.subject)] },
        ],
      };
    }
    return refuted(
      speaksAgainst.strong("no pod that is not ready waits for a volume", "Pods, claims and events"),
    );
  },
});

interface Found {
  readonly subject: ObjectRef;
  readonly clues: readonly Clue[];
  readonly remedy: string;
}

function unboundClaim(
  pod: PodView,
  claims: Observed<readonly ClaimView[]>,
  events: Observed<readonly EventView[]>,
): Found | undefined {
  if (claims.state !== "present") return undefined;
  const isUsed = (c: ClaimView): boolean =>
    c.usedBy.some((u) => u.name === pod.ref.name && u.namespace === pod.ref.namespace);
  const claim = claims.value.find(
    (c) => isUsed(c) && (c.missing || c.phase === "Pending" || c.phase === "Lost"),
  );
  if (claim === undefined) return undefined;
  const subject = ref("PersistentVolumeClaim", claim.name, pod.ref.namespace);
  const source = `${refText(subject)} .status.phase`;
  if (claim.missing) {
    const text = `${refText(pod.ref)} names claim ${claim.name}, which does not exist`;
    return {
      subject,
      clues: [
        speaksFor.decisive(text, `${refText(pod.ref)} .spec.volumes`, { see: see.get(subject, "name") }),
      ],
      remedy: `Create ${refText(subject)}, or correct its name in the pod template`,
    };
  }
  const told = eventsOn(events, subject, ...claimReasons).at(-1);
  const asks = claimText(claim);
  const clues = [
    speaksFor.decisive(
      `${refText(subject)} (${asks}) is ${claim.phase}, so ${refText(pod.ref)} waits`,
      source,
      { see: see.describe(subject) },
    ),
  ];
  if (told !== undefined)
    clues.push(
      speaksFor.moderate(`${told.reason}: ${told.message.slice(0, 220)}`, `Event on ${refText(subject)}`),
    );
  return {
    subject,
    clues,
    remedy: `Let ${refText(subject)} be bound: a volume (or storage class) that offers ${asks}`,
  };
}

function claimText(claim: ClaimView): string {
  const spec = claim.claim.spec;
  const parts = [
    spec?.resources?.requests?.["storage"],
    spec?.accessModes?.join("+"),
    spec?.storageClassName === undefined ? undefined : `class ${spec.storageClassName || '""'}`,
    spec?.selector === undefined ? undefined : "with a selector",
    spec?.volumeName,
  ];
  return parts.filter((p) => p !== undefined && p !== "").join(", ");
}

function failedMount(pod: PodView, events: Observed<readonly EventView[]>): Found | undefined {
  const isCreating = pod.containers.some(
    (c) => c.waiting?.reason === "ContainerCreating" || c.waiting?.reason === "PodInitializing",
  );
  const last = eventsOn(events, pod.ref, ...mountReasons).at(-1);
  if (last === undefined || !isCreating) return undefined;
  const text = `${refText(pod.ref)} waits for its volumes, ${last.count} times ${last.reason}: ${last.message.slice(0, 240)}`;
  return {
    subject: ownerOf(pod),
    clues: [speaksFor.decisive(text, `Events of ${refText(pod.ref)}`, { see: see.events(pod.ref) })],
    remedy: /(configmap|secret) "([^"]+)" not found/i.test(last.message)
      ? `Create what the message names, or correct it in the volumes of ${refText(ownerOf(pod))}`
      : "Mend what the message names: the volume is attached elsewhere, missing, or cannot be mounted",
  };
}

/** The process may not use a path that lies in a mounted volume. */
function deniedPath(pod: PodView, appLog: Observed<readonly AppSignal[]>): Found | undefined {
  if (appLog.state !== "present") return undefined;
  for (const container of pod.containers) {
    const mounts = (container.spec.volumeMounts ?? [])
      .map((m) => m.mountPath)
      .filter((path) => !path.startsWith("/var/run/secrets"));
    const said = appLog.value.findLast(
      (s) => s.kind === "permission-denied" && s.pod === pod.ref.name && s.container === container.name,
    );
    const mount = said === undefined ? undefined : mounts.find((path) => said.line.includes(path));
    const isReadOnly = said !== undefined && /read-only file system/i.test(said.line);
    const only =
      mounts.length > 0 && said !== undefined && container.terminations.some((t) => t.exitCode !== 0)
        ? mounts[0]
        : undefined;
    if (said === undefined || (mount === undefined && only === undefined)) continue;
    const text = `the process may not use ${mount === undefined ? `a path, and ${only} is its mounted volume` : `${mount}, a mounted volume`}: ${said.line.slice(0, 180)}`;
    const clues: Clue[] = [
      (mount === undefined ? speaksFor.moderate : speaksFor.strong)(
        text,
        `log of ${refText(pod.ref)}, container ${container.name}`,
        { see: see.logs(pod.ref, container.name, said.previous) },
      ),
      speaksFor.strong(
        `container ${container.name} ended with exit code ${container.terminations[0]?.exitCode ?? "?"}, ${container.restarts} restarts`,
        `${refText(pod.ref)} .status.containerStatuses`,
      ),
    ];
    return {
      subject: ownerOf(pod),
      clues,
      remedy: isReadOnly
        ? "Mount the volume writable"
        : `Set fsGroup (securityContext) or the owner of the volume to the user of the process in ${refText(ownerOf(pod))}`,
    };
  }
  return undefined;
}
