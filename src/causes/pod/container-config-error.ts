import { refText } from "../../evidence/object-ref.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import {
  alive,
  type ContainerOf,
  containerText,
  eventsOn,
  ownerOf,
  servedByOthers,
  waitingFor,
} from "../pods.ts";
import { ofClass } from "../requests.ts";
import { see } from "../see.ts";

const waitingReasons = [
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
  "PreCreateHookError",
  "PreStartHookError",
  "PostStartHookError",
];
const endedReasons = ["ContainerCannotRun", "StartError"];

/**
 * The container cannot be created or started as its spec asks: a Secret, ConfigMap or key that is
 * not there, a command that does not exist, a security setting the image cannot meet.
 */
export const containerConfigError = defineCause({
  id: "container-config-error",
  title: "The container cannot be created from its spec",
  hop: "pod",
  codes: [503, 502],
  prior: 0.02,
  leadsTo: [
    "no-endpoints-pods-not-ready",
    "crash-loop-backoff",
    "rollout-bad-revision",
    "rollout-recreate-or-max-unavailable",
    "init-container-failing",
  ],
  needs: ["pods"],
  helps: ["events"],
  weigh({ pods, events }) {
    const stuck = waitingFor(pods, waitingReasons)[0] ?? cannotRun(pods);
    if (stuck === undefined)
      return refuted(
        speaksAgainst.decisive("no container fails to be created", "Pods .status.containerStatuses"),
      );
    const { pod, container } = stuck;
    const ended = container.terminations.find((t) => endedReasons.includes(t.reason));
    const reason =
      container.waiting !== undefined && waitingReasons.includes(container.waiting.reason)
        ? container.waiting.reason
        : (ended?.reason ?? "");
    const message =
      ended?.message ??
      container.waiting?.message ??
      eventsOn(events, pod.ref, "Failed").at(-1)?.message ??
      "";
    const elsewhere = servedByOthers(pods, pod, `${reason}: ${message}`);
    if (elsewhere !== undefined) return elsewhere;
    const state = endedReasons.includes(reason) ? `could not be started, ${reason}` : `is in ${reason}`;
    const text = `${containerText(stuck)} ${state}${message === "" ? "" : `: ${inner(message)}`}`;
    return {
      state: "supported",
      subject: ownerOf(pod),
      clues: [
        speaksFor.decisive(text, `${refText(pod.ref)} .status.containerStatuses`, {
          see: see.describe(pod.ref),
        }),
      ],
      explains: ofClass("no-endpoint"),
      fixes: [
        {
          title: advice(message, pod.ref.namespace ?? "default"),
          applicability: "display-only",
          commands: [see.describe(pod.ref)],
        },
      ],
    };
  },
});

/** What runc says, without the layers that wrap it. */
const inner = (message: string): string =>
  message.replace(/^.*(?:container init|starting container process caused): /s, "").slice(0, 240);

function cannotRun(pods: Parameters<typeof alive>[0]): ContainerOf | undefined {
  return alive(pods)
    .filter((p) => !p.ready)
    .flatMap((pod) => pod.containers.map((container) => ({ pod, container })))
    .find(({ container }) => container.terminations.some((t) => endedReasons.includes(t.reason)));
}

function advice(message: string, namespace: string): string {
  const missing = /(secret|configmap) "([^"]+)" not found/i.exec(message);
  if (missing !== null)
    return `Create ${missing[1]} ${namespace}/${missing[2]}, or correct its name in the pod template`;
  const key = /couldn't find key (\S+) in (Secret|ConfigMap) (\S+)/i.exec(message);
  if (key !== null) return `Add key ${key[1]} to ${key[2]} ${key[3]}, or correct the key in the pod template`;
  if (/executable file not found|no such file or directory/i.test(message))
    return "Correct command or args: the image has no such file";
  if (/runAsNonRoot/i.test(message))
    return "Set runAsUser to a user that is not root, or use an image that has one";
  return "Correct what the message names in the pod template";
}
