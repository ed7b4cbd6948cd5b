import type { FindingReport, Report } from "../../../src/report/report.ts";

const finding = (cause: string): FindingReport => ({
  cause,
  title: cause,
  state: "supported",
  confidence: 0.9,
  hop: "pod",
  because: [],
  clues: [],
  fixes: [],
});

/** Of one target with these findings, all supported. */
export const causedReport = (causes: readonly string[]): Pick<Report, "targets"> => ({
  targets: [
    {
      target: "shop.example.com/cart",
      alsoAffects: [],
      status: causes.length > 0 ? "explained" : "healthy",
      headline: "",
      route: [],
      symptom: {
        counted: true,
        requests: 0,
        failed: 0,
        masked: 0,
        codes: {},
        classes: {},
        pattern: "none",
      },
      findings: causes.map(finding),
      unknown: [],
      next: [],
    },
  ],
});
