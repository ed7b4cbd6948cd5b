import { visible } from "../base/text.ts";
import type { FindingReport, ObjectReport, Report, TargetReport } from "../report/report.ts";
import { safeReport } from "./safe-report.ts";
import { logicalLocation, sarifLog, type SarifResult, type SarifRule } from "./sarif-log.ts";
import { objectText, rootFindings, standing, symptomTexts } from "./words.ts";

/**
 * What a diagnosis found, as SARIF 2.1.0: a result for each cause that is supported, the chain of whys as related
 * locations. What nothing explains, and what could not be known, is a notification of the run, not a result.
 */
export function renderSarif(report: Report): string {
  const safe = safeReport(report, visible);
  return sarifLog({
    category: "why5xx/diagnose/",
    version: safe.tool.version,
    rules: rulesOf(safe),
    results: safe.targets
      .flatMap((target) => rootFindings(target).map((finding) => resultOf(target, finding)))
      .toSorted((a, b) => rank[a.level] - rank[b.level]),
    losses: [...safe.targets.flatMap(openQuestions), ...safe.losses],
  });
}

const rank = { error: 0, warning: 1, note: 2 } as const;

/** A cause that failed requests hang on is an error; one that is more likely than not is a warning. */
function levelOf({ confidence }: FindingReport): SarifResult["level"] {
  if (confidence >= 0.9) return "error";
  return confidence >= 0.5 ? "warning" : "note";
}

function rulesOf({ targets }: Report): SarifRule[] {
  const rules = new Map<string, SarifRule>();
  for (const { cause, title, hop } of targets.flatMap(rootFindings))
    if (!rules.has(cause))
      rules.set(cause, {
        id: cause,
        title: title.replace(/\.$/, ""),
        why: `${title}. Where: the ${hop.replaceAll("-", " ")}.`.replace("..", "."),
        level: "error",
      });
  return [...rules.values()];
}

function resultOf({ target, symptom, alsoAffects }: TargetReport, finding: FindingReport): SarifResult {
  const { cause, title, subject, clues, fixes, because, confidence, share } = finding;
  const found = clues.filter((clue) => clue.for).map(({ text, source }) => `- ${text} (${source})`);
  const ways = fixes.flatMap((fix) => [`- ${fix.title}`, ...fix.commands.map((command) => `    ${command}`)]);
  return {
    rule: cause,
    level: levelOf(finding),
    message: [
      `${target}: ${title}${subject === undefined ? "" : ` (${objectText(subject)})`}: ${standing(finding)}.`,
      ...symptomTexts(symptom).slice(0, 1),
      ...(found.length === 0 ? [] : ["Clues:", ...found]),
      ...(ways.length === 0 ? [] : ["Fix:", ...ways]),
    ].join("\n"),
    locations: [placeOf(target, subject)],
    fingerprint: `${cause}:${subject === undefined ? target : objectText(subject)}`,
    more: {
      rank: Math.round(confidence * 1000) / 10,
      relatedLocations: because.map((link, id) => ({
        id,
        message: { text: link.title },
        ...placeOf(target, link.subject),
      })),
      properties: {
        target,
        alsoAffects,
        codes: symptom.codes,
        confidence,
        ...(share === undefined ? {} : { share }),
      },
    },
  };
}

const placeOf = (target: string, subject: ObjectReport | undefined): object => ({
  logicalLocations: [
    subject === undefined
      ? { name: target, fullyQualifiedName: target, kind: "resource" }
      : logicalLocation(subject),
  ],
});

const openQuestions = ({ target, status, headline, unknown }: TargetReport): Report["losses"] => [
  ...(status === "unexplained" || status === "partly-explained" || status === "undecided"
    ? [{ what: target, why: headline }]
    : []),
  ...unknown.map(({ evidence, reason }) => ({ what: `${target}: ${evidence}`, why: reason })),
];
