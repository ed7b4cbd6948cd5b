import type { ContainerStatus } from "kubernetes-types/core/v1";
import { type Answer, textAnswer } from "./answer.ts";
import { cutLog } from "./log-cut.ts";
import type { LogOptions } from "./log-options.ts";
import type { LiveLog } from "./log-source.ts";

/** The life of a container whose log is asked for (kubernetes/kubernetes pkg/kubelet/kubelet_pods.go, validateContainerLogStatus). */
export function containerIdOf(status: ContainerStatus | undefined, previous: boolean): string | undefined {
  const last = status?.lastState?.terminated?.containerID;
  if (previous) return last;
  if (status?.state?.running !== undefined) return status.containerID;
  return status?.state?.terminated?.containerID ?? last;
}

/** What there is, and with `follow` what comes, until the container ends. */
export function liveAnswer(log: LiveLog, options: LogOptions): Answer {
  const bytes = log.bytes();
  const answer = textAnswer(cutLog(bytes, options));
  if (!options.follow) return answer;
  const { timestamps, follow } = options;
  const shown = (lines: Uint8Array): Uint8Array => cutLog(lines, { timestamps, follow });
  return {
    ...answer,
    hold: (outlet) => {
      // Lines that came while the first ones were sent.
      const since = log.bytes().subarray(bytes.length);
      if (since.length > 0) outlet.write(shown(since));
      const stop = log.follow(
        (line) => outlet.write(shown(line)),
        () => outlet.end(),
      );
      outlet.onClose(stop);
    },
  };
}
