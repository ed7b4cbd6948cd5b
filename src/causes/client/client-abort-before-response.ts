import type { LoggedRequest } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { someOf } from "../names.ts";
import { countText } from "../requests.ts";
import { mostOf } from "../said.ts";
import { see } from "../see.ts";
import { timerHeap } from "./timer-heap.ts";

/** Fewer that left are people who went on to another page. */
const fewest = 5;
const leastShare = 0.01;

/**
 * Clients give up before the answer, at a timer of their own that is shorter than every timer behind them. The
 * log shows 499 (460, 0 with DC) instead of a 504, and the slow answer behind it stays unseen.
 */
export const clientAbortBeforeResponse = defineCause({
  id: "client-abort-before-response",
  title: "Clients give up before the answer comes",
  hop: "client",
  codes: [499, 460],
  prior: 0.02,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["settings", "pods", "patterns"],
  weigh({ route, traffic, settings, pods }) {
    const left = traffic.aborted;
    if (left.length === 0)
      return refuted(speaksAgainst.decisive("no client left before its answer", "access log"));
    const heap = timerHeap(left);
    if (heap === undefined || left.length < fewest)
      return refuted(
        speaksAgainst.strong(
          `${left.length} clients left, after times that no timer explains: people who went on`,
          "access log, durations",
        ),
      );
    const { atMs, requests } = heap;
    const share = requests.length / Math.max(1, traffic.requests);
    const seconds = (atMs / 1000).toFixed(1);
    const paths = mostOf(requests, (r) => r.path.split("?")[0] ?? r.path);
    const text = `${countText(requests.length, left.length, "clients that left")} did so after ${seconds} s, on ${someOf(paths)}, first at ${new Date(requests[0]?.endMs ?? 0).toISOString()}`;
    const clues: Clue[] = [speaksFor.strong(text, "access log, durations", { group: "timer" })];
    if (share < leastShare)
      return undecided(`${text}; that is ${(share * 100).toFixed(2)} % of the requests`, undefined, clues);
    const read = settings.state === "present" ? settings.value.readTimeoutMs : undefined;
    if (read !== undefined && read.value > atMs * 1.1)
      clues.push(
        speaksFor.moderate(
          `the gateway would have waited ${read.value / 1000} s, so it wrote no 504`,
          read.source,
        ),
      );
    const agents = mostOf(requests, (r) => r.userAgent ?? "");
    if (agents.length === 1 && agents[0] !== "")
      clues.push(
        speaksFor.moderate(
          `all of them are one kind of client: ${agents[0]!.slice(0, 80)}`,
          "access log, user agents",
        ),
      );
    const waited = requests.filter(hadNoAnswer).length;
    if (waited === requests.length)
      clues.push(
        speaksFor.moderate(
          `none of the ${waited} had an answer of the upstream by then`,
          "access log, upstream status",
        ),
      );
    const own = new Set(requests);
    const isOnlySign = traffic.failures.length === 0;
    const pod = pods.state === "present" ? pods.value[0] : undefined;
    return {
      state: "supported",
      subject: route.backend.service,
      clues,
      explains: (request) => own.has(request),
      ...(isOnlySign ? { leavesNoLine: true } : {}),
      fixes: [
        {
          title: `Find what makes ${someOf(paths)} slower than ${seconds} s, and let each hop wait longer than the one behind it: whoever waits ${seconds} s in front (an SDK's default, a CDN, a load balancer) gives up first`,
          applicability: "display-only",
          commands: pod === undefined ? [] : [see.logs(pod.ref)],
        },
      ],
    };
  },
});

const hadNoAnswer = (request: LoggedRequest): boolean =>
  request.attempts.length > 0 &&
  request.attempts.every((a) => a.status === undefined || a.failure !== undefined);
