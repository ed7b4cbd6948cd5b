import { countedText, grouped, spanText } from "../../base/counts.ts";
import type { ImpactReport, IncidentTarget } from "../../report/incident-report.ts";
import type { VerifyReport } from "../../report/verify-report.ts";
import { count, counted, span, tally } from "../words.ts";

/** Wording that the page and the Markdown of an incident share. */

export interface Tile {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
}

/** What was lost, a number each; nothing that is not known is given a number. */
export function impactTiles({ impact, diagnosis }: IncidentTarget): Tile[] {
  const { counted: isCounted, requests, failed, masked, clients, writes } = impact;
  if (!isCounted) return [{ name: "Failed requests", value: "not counted", note: "no gateway log was read" }];
  const { codes, origin } = diagnosis.symptom;
  const sender =
    origin === undefined || origin === "unknown"
      ? {}
      : { note: `sent by the ${origin.replaceAll("-", " ")}` };
  return [
    {
      name: "Failed requests",
      value: count(failed),
      note: `of ${counted(requests, "request")}${failed > 0 ? ` (${partText(failed, requests)})` : ""}${diagnosis.symptom.countedBy === "metrics" ? ", by the gateway's metrics" : ""}`,
    },
    ...(failed === 0
      ? []
      : [{ name: "Status codes", value: tally(codes).replaceAll(" ×", "\u00a0×"), ...sender }]),
    ...(clients === undefined || failed === 0
      ? []
      : [
          {
            name: "Clients affected",
            value: `${clients.isExact ? "" : "≥ "}${count(clients.failed)}`,
            note: `of ${clients.isExact ? "" : "at least "}${count(clients.of)} addresses; people may share one`,
          },
        ]),
    ...windowTile(impact),
    ...(writes === undefined || failed === 0
      ? []
      : [
          {
            name: "Failed writes",
            value: count(writes.failed),
            note: `of ${count(writes.of)} POST, PUT, PATCH or DELETE`,
          },
        ]),
    ...(masked === 0
      ? []
      : [{ name: "Hidden by a retry", value: count(masked), note: "failures no client saw" }]),
  ];
}

/** "7.9 %"; of all requests that were made, so there is no doubt about it. */
const partText = (part: number, whole: number): string => {
  const percent = (100 * part) / whole;
  return percent < 0.01 ? "under 0.01\u00a0%" : `${Number(percent.toPrecision(percent < 1 ? 1 : 3))}\u00a0%`;
};

/** What a status means, for who does not know the program. */
export const statusWords: Readonly<Record<IncidentTarget["diagnosis"]["status"], string>> = {
  explained: "cause found",
  "partly-explained": "partly explained",
  unexplained: "no cause found",
  undecided: "cannot be told",
  healthy: "nothing fails",
};

function windowTile({ from, to, seconds = 0 }: ImpactReport): Tile[] {
  if (from === undefined || to === undefined) return [];
  return [
    {
      name: "From first to last failure",
      value: seconds < 1 ? "an instant" : spanText(Math.round(seconds) * 1000),
      note: span(from, to),
    },
  ];
}

/** "At its worst 24 of 31 requests failed in the 5 s from 10:31:05." */
export function busiestText({ worst }: ImpactReport): string | undefined {
  if (worst === undefined) return undefined;
  const { from, seconds, failed, of } = worst;
  const what =
    of === undefined ? `${grouped(failed)} requests` : `${grouped(failed)} of ${grouped(of)} requests`;
  return `At its worst ${what} failed within ${spanText(seconds * 1000)}, from ${from.slice(11, 19)} UTC.`;
}

/** What verify measured, a line each. */
export function verdictTexts({ before, after, luck, request, needed, layers }: VerifyReport): string[] {
  return [
    `Sent: ${request.method} ${request.url}${request.connectTo === undefined ? "" : ` by way of ${request.connectTo}`}, ${request.perSecond} a second`,
    ...(before === undefined
      ? []
      : [`Before: ${countedText(before.failed, before.requests, "failed")}, ${before.source}`]),
    `After: ${countedText(after.failed, after.requests, "failed")} in ${spanText(after.seconds * 1000)}`,
    ...(luck === undefined
      ? []
      : [`The chance that the rate fell so far by luck is ${Number(luck.toPrecision(2))}`]),
    ...(needed === undefined
      ? []
      : [
          `To be sure it takes ${grouped(needed.requests)} more requests without a failure, ${spanText(needed.seconds * 1000)}`,
        ]),
    ...(layers === undefined ? [] : [layers.verdict.sentence]),
  ];
}

/** What a file for `--escalation` holds. */
export const escalationExample = `escalation:
  severity: SEV-2
  timeBox: 30m
  channel: "#incidents"
  contacts:
    - {name: Shop on call, role: owner of the route, reach: "pager shop-primary"}
    - {name: Platform on call, role: owner of the gateway, reach: "pager platform"}`;
