import { durationText, padded } from "../base/text.ts";
import type { LadderReport, RouteLadder, RungReport, TimerReport } from "../report/ladder-report.ts";
import type { Ink } from "./ink.ts";
import { block } from "./lines.ts";
import { laidOut, lossLines, type TerminalOptions } from "./terminal.ts";
import { objectText } from "./words.ts";

/** The ladder of each route: every hop from the client inwards, its timers, and where each was read. */
export const renderLadderTerminal = (report: LadderReport, { style }: TerminalOptions): string =>
  laidOut(report, style, (safe, ink) => [
    ...safe.ladders.flatMap((ladder) => [...ladderLines(ladder, ink), ""]),
    ...lossLines(safe, ink),
  ]);

const kinds: Readonly<Record<TimerReport["kind"], string>> = {
  connect: "connects within",
  response: "waits",
  tries: "tries",
  "idle-out": "reuses idle for",
  "idle-in": "keeps idle for",
};

function ladderLines(ladder: RouteLadder, ink: Ink): string[] {
  const nameWidth = Math.max(...Object.values(kinds).map((text) => text.length));
  const valueWidth = Math.max(...ladder.rungs.flatMap((r) => r.timers).map((t) => valueText(t).length));
  return [
    ink.bold(`${ladder.target} ${ink.sign.passes} ${objectText(ladder.backend)}`),
    ...ladder.rungs.flatMap((rung, i) => rungLines(rung, i > 0, { nameWidth, valueWidth }, ink)),
    ...(ladder.inversions.length === 0
      ? ["", ink.green(`${ink.sign.ok} No two neighbours whose values are known are in the wrong order.`)]
      : []),
    ...ladder.inversions.flatMap(({ kind, text, isAssumed }) => [
      "",
      ...block(
        `${ink.sign.broken} `,
        `${kind === "response" ? "The outer hop gives up first" : "The inner hop closes first"}: ${text}${isAssumed ? "; a level that could say otherwise was not read" : ""}`,
        ink.width,
        isAssumed ? ink.yellow : ink.red,
      ),
    ]),
  ];
}

interface Widths {
  readonly nameWidth: number;
  readonly valueWidth: number;
}

function rungLines({ hop, name, timers }: RungReport, isBehind: boolean, widths: Widths, ink: Ink): string[] {
  const title =
    name === hop || name.toLowerCase() === hop.replace("-", " ")
      ? hop.replace("-", " ")
      : `${hop.replace("-", " ")}  ${name}`;
  return [
    `  ${isBehind ? ink.sign.passes : " "} ${ink.bold(title)}`,
    ...timers.flatMap((timer) => {
      const lead = `      ${padded(kinds[timer.kind], widths.nameWidth)}  ${padded(valueText(timer), widths.valueWidth)}  `;
      const paint = timer.state === "unknown" ? ink.dim : (text: string): string => text;
      return block(lead, timer.source, ink.width).map(paint);
    }),
  ];
}

/** "60 s", "no limit", "?". */
function valueText({ kind, state, value = 0, isAssumed }: TimerReport): string {
  if (state === "unknown") return "?";
  if (state === "off") return "never";
  const mark = isAssumed ? " ~" : "";
  if (state === "unlimited") return `no limit${mark}`;
  if (kind === "tries") return `${value}${mark}`;
  return `${durationText(value)}${mark}`;
}
