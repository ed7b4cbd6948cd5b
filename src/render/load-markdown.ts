import { spanText } from "../base/counts.ts";
import { visible } from "../base/text.ts";
import type { LoadReport } from "../report/load-report.ts";
import {
  answersText,
  attributionText,
  causeTexts,
  doubtTexts,
  drainTexts,
  duringText,
  latencyText,
  loadText,
  nextTexts,
  stateText,
  thresholdTexts,
  verdictText,
} from "./load-words.ts";
import { codeBlock, inline } from "./markdown-text.ts";
import { safeReport } from "./safe-report.ts";
import { count } from "./words.ts";

/** For a pull request, a pipeline's summary or an incident channel. */
export function renderLoadMarkdown(report: LoadReport): string {
  const safe = safeReport(report, visible);
  const sign = { held: "✅", broken: "❌", "cannot-tell": "❔" }[safe.verdict];
  const during = duringText(safe);
  const parts = [
    `### ${sign} ${inline(verdictText(safe))}`,
    [loadText(safe), ...(during === undefined ? [] : [during])].map(inline).join("  \n"),
    table(safe),
    ...(safe.rests.length === 0 ? [] : [restTable(safe)]),
    ...cluster(safe),
    ...doubts(safe),
    ...next(safe),
    `*why5xx ${inline(safe.tool.version)}, begun ${inline(safe.startedAt)}*`,
  ];
  return `${parts.join("\n\n")}\n`;
}

function table(report: LoadReport): string {
  const rows = [
    ...thresholdTexts(report).map(({ held, text }) => [held ? "✓ limit held" : "✗ limit broken", text]),
    ["answers", answersText(report)],
    ["latency", latencyText(report)],
  ];
  return [
    "| | |",
    "|---|---|",
    ...rows.map(([name = "", text = ""]) => `| ${inline(name)} | ${inline(text)} |`),
  ].join("\n");
}

const restTable = ({ rests }: LoadReport): string =>
  [
    "| connections idle for | used | failed | closed by then |",
    "|---|---|---|---|",
    ...rests.map(
      ({ restMs, reused, failed, reopened }) =>
        `| ${spanText(restMs)} | ${count(reused)} | ${count(failed)} | ${count(reopened)} |`,
    ),
  ].join("\n");

function cluster(report: LoadReport): string[] {
  if (report.cluster === undefined)
    return [`Failures were not attributed: ${inline(report.unattributed ?? "")}`];
  const attribution = attributionText(report);
  const causes = causeTexts(report);
  const { losses } = report.cluster;
  const drain = drainTexts(report.cluster);
  return [
    ...(causes.length === 0
      ? []
      : [["**Cause**", "", ...causes.map((text) => `- ${inline(text)}`)].join("\n")]),
    ...(attribution === undefined
      ? []
      : [
          [
            `**What pods were going through**: ${inline(attribution)}`,
            "",
            ...report.cluster.attribution.states.map(
              (state) => `- ${inline(stateText(state))}: ${inline(state.example.text)}`,
            ),
          ].join("\n"),
        ]),
    ...(drain.length === 0 ? [] : [`**After a pod is deleted**: ${inline(drain.join("; "))}`]),
    ...(losses.length === 0
      ? []
      : [
          [
            "**Not everything was read**",
            "",
            ...losses.map(({ what, why }) => `- ${inline(what)}: ${inline(why)}`),
          ].join("\n"),
        ]),
  ];
}

function doubts(report: LoadReport): string[] {
  const texts = doubtTexts(report);
  return texts.length === 0 ? [] : [texts.map((text) => `- ⚠ ${inline(text)}`).join("\n")];
}

function next(report: LoadReport): string[] {
  const commands = nextTexts(report);
  return commands.length === 0 ? [] : [["**Next**", "", ...codeBlock(commands, "sh")].join("\n")];
}
