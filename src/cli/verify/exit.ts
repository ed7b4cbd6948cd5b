import type { VerifyVerdict } from "../../report/verify-report.ts";

export const verdictExitCode = (verdict: VerifyVerdict): number =>
  ({ fixed: 0, "not-fixed": 1, "cannot-tell": 2 })[verdict];
