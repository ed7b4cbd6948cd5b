import { UsageProblem } from "./usage-problem.ts";

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** "90s", "1h30m", "2d" in milliseconds; `flag` names the culprit in the message of the UsageProblem. */
export function durationMs(text: string, flag: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)];
  const isWhole = parts.length > 0 && parts.map(([part]) => part).join("") === text;
  const total = parts.reduce((sum, [, n, unit]) => sum + Number(n) * (unitMs[unit ?? ""] ?? 0), 0);
  if (!isWhole || total <= 0 || !Number.isSafeInteger(Math.round(total))) {
    throw new UsageProblem(`${flag} ${text}: write a duration such as 30s, 15m, 1h30m or 2d.`);
  }
  return Math.round(total);
}
