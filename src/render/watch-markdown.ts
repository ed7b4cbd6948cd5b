import { visible } from "../base/text.ts";
import type { WatchReport } from "../report/watch-report.ts";
import { targetMarkdown } from "./markdown-target.ts";
import { inline } from "./markdown-text.ts";
import { safeReport } from "./safe-report.ts";
import { drainText, podsText, rateText, rolloutText, spanText, verdictWords } from "./watch-words.ts";
import { count, objectText, span, tally } from "./words.ts";

const signs = { fine: "✓", failing: "✗", "cannot-tell": "?" } as const;
const shownHappened = 12;

/** What was watched, for an incident channel or a pull request. */
export function renderWatchMarkdown(report: WatchReport, { verbose }: { readonly verbose: boolean }): string {
  const safe = safeReport(report, visible);
  const { verdict, why, target, during, before, pods, rollouts, drain, states, happened, diagnosis, losses } =
    safe;
  const shown = verbose ? happened : happened.slice(-shownHappened);
  const codes = during === undefined ? "" : tally(during.codes);
  const parts = [
    `### ${signs[verdict]} ${inline(target)}, watched for ${spanText(safe.seconds)}`,
    `**${verdictWords[verdict]}: ${inline(why)}**`,
    [
      `- ${inline(span(safe.from, safe.to))}${safe.isCutShort ? ", ended early" : ""}`,
      `- before: ${before === undefined ? "not known" : inline(`${rateText(before)}; ${before.source}`)}`,
      `- meanwhile: ${during === undefined ? "requests could not be counted" : inline(`${rateText(during)}${codes === "" ? "" : `: ${codes}`}`)}`,
      `- pods: ${inline(podsText(pods))}`,
      ...rollouts.map((rollout) => `- ${inline(rolloutText(rollout))}`),
      ...(drain === undefined ? [] : [`- ${inline(drainText(drain))}`]),
    ].join("\n"),
    ...list(
      "What the failed attempts met",
      states.map(
        ({ state, pod, attempts, example }) =>
          `${count(attempts)} ${state}${pod === undefined ? "" : ` (${objectText(pod)})`}: ${example.text}`,
      ),
    ),
    ...list(
      "What happened",
      shown.map(({ at, text }) => `${at.slice(11, 19)} ${text}`),
    ),
    ...(diagnosis === undefined || (!verbose && verdict !== "failing")
      ? []
      : [targetMarkdown(diagnosis, verbose).join("\n")]),
    ...list(
      "Not everything was read",
      losses.map(({ what, why: reason }) => `${what}: ${reason}`),
    ),
  ];
  return `${parts.join("\n\n")}\n`;
}

const list = (title: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [[`**${title}**`, "", ...items.map((item) => `- ${inline(item)}`)].join("\n")];
