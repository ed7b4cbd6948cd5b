import { refText } from "../../evidence/object-ref.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { alive, type ContainerOf, containerText, ownerOf, servedByOthers } from "../pods.ts";
import { ofClass } from "../requests.ts";
import { see } from "../see.ts";

/**
 * An init container does not finish, so the application's containers never start: a migration that
 * fails, a wait for a dependency that never comes, a wrong command.
 */
export const initContainerFailing = defineCause({
  id: "init-container-failing",
  title: "An init container does not finish",
  hop: "pod",
  codes: [503, 502],
  prior: 0.02,
  leadsTo: ["no-endpoints-pods-not-ready", "rollout-bad-revision", "rollout-recreate-or-max-unavailable"],
  needs: ["pods"],
  helps: ["appLog"],
  weigh({ pods, appLog }) {
    const stuck = failingInit(pods);
    if (stuck === undefined)
      return refuted(
        speaksAgainst.decisive("no init container fails or blocks", "Pods .status.initContainerStatuses"),
      );
    const { pod, container } = stuck;
    const ended = container.terminations.find((t) => t.exitCode !== 0);
    const state =
      ended === undefined
        ? `still runs after ${container.startedMs === undefined ? "its start" : new Date(container.startedMs).toISOString()}`
        : `ended with exit code ${ended.exitCode} (${ended.reason}), ${container.restarts} restarts`;
    const elsewhere = servedByOthers(pods, pod, `init container ${container.name} ${state}`);
    if (elsewhere !== undefined) return elsewhere;
    const clues = [
      speaksFor.decisive(
        `${containerText(stuck)} ${state}; the application's containers wait for it`,
        `${refText(pod.ref)} .status.initContainerStatuses`,
        {
          see: see.logs(pod.ref, container.name, ended !== undefined && container.restarts > 0),
        },
      ),
    ];
    const said =
      appLog.state === "present"
        ? appLog.value.findLast(
            (s) =>
              s.pod === pod.ref.name &&
              s.container === container.name &&
              s.kind !== "request" &&
              s.kind !== "started",
          )
        : undefined;
    if (said !== undefined)
      clues.push(
        speaksFor.moderate(
          `it says: ${said.line.slice(0, 200)}`,
          `log of ${refText(pod.ref)}, container ${container.name}`,
        ),
      );
    return {
      state: "supported",
      subject: ownerOf(pod),
      clues,
      explains: ofClass("no-endpoint"),
      fixes: [
        {
          title: `Read the log of init container ${container.name} and mend what it waits for or fails at`,
          applicability: "display-only",
          commands: [see.logs(pod.ref, container.name, ended !== undefined && container.restarts > 0)],
        },
      ],
    };
  },
});

/** The first init container that is not done, unless it cannot even start (that has causes of its own). */
function failingInit(pods: Parameters<typeof alive>[0]): ContainerOf | undefined {
  for (const pod of alive(pods)) {
    if (pod.ready) continue;
    const container = pod.containers.find((c) => c.role === "init" && !isDone(c));
    if (container === undefined) continue;
    const failed = container.terminations.some((t) => t.exitCode !== 0);
    const isRunning = container.startedMs !== undefined && container.waiting === undefined;
    if (failed || isRunning) return { pod, container };
  }
  return undefined;
}

const isDone = (container: ContainerOf["container"]): boolean =>
  container.ready || container.status?.state?.terminated?.exitCode === 0;
