import type { Observed } from "../../evidence/observed.ts";
import type { AppSignal, Attempt, LoggedRequest, Traffic } from "../../logs/traffic.ts";
import { type Clue, speaksFor } from "../clue.ts";
import type { Judgement } from "../define-cause.ts";
import { failuresOf } from "../requests.ts";
import { see } from "../see.ts";

const nearMs = 90_000;
/** An application that fails without waiting answers far sooner. */
const slowAnswerMs = 1000;

/** The application's own timer ended the call before the gateway's did, and it answers 502, 503 or 504 itself. */
export function givenUp(traffic: Traffic, appLog: Observed<readonly AppSignal[]>): Judgement | undefined {
  const own = failuresOf({ state: "present", value: traffic }, "app-status");
  const told = (appLog.state === "present" ? appLog.value : []).filter(
    (s) => s.kind === "slow-call" && s.timeMs !== undefined,
  );
  const explains = (request: LoggedRequest, attempt: Attempt | undefined): boolean =>
    (attempt?.failure ?? request.failure) === "app-status" &&
    told.some((s) => Math.abs(s.timeMs! - request.endMs) <= nearMs);
  const hits = own.filter((r) => explains(r, r.attempts.at(-1)));
  const sample = told.find((s) => hits.some((r) => Math.abs(s.timeMs! - r.endMs) <= nearMs));
  if (sample === undefined) return undefined;
  const durations = hits.map((r) => r.durationMs).sort((a, b) => a - b);
  const middle = durations[Math.floor(durations.length / 2)] ?? 0;
  const pod = { kind: "Pod", namespace: sample.namespace, name: sample.pod };
  const clues: Clue[] = [
    speaksFor.strong(
      `the application gave up a call and says so: ${sample.line.slice(0, 160)}`,
      `log of ${sample.namespace}/${sample.pod}`,
      { see: see.logs(pod, sample.container) },
    ),
  ];
  if (middle >= slowAnswerMs)
    clues.push(
      speaksFor.moderate(
        `its own failing answers come after ${(middle / 1000).toFixed(1)} s: it waited first`,
        "gateway access log, durations",
      ),
    );
  return {
    state: "supported",
    subject: sample.peer === undefined ? pod : { kind: "Dependency", name: sample.peer },
    clues,
    explains,
    fixes: [
      {
        title: `Look at ${sample.peer ?? "what it waited for"} for the time of the failures; the application's own timer did its work`,
        applicability: "display-only",
        commands: [see.logs(pod, sample.container)],
      },
    ],
  };
}
