import type { LintRule } from "../rule.ts";

export const servicePublishesNotReady: LintRule = {
  id: "service-publishes-not-ready",
  severity: "warning",
  title: "A Service of a route publishes pods that are not ready",
  why: "publishNotReadyAddresses is for peers that look each other up while they start. A gateway would send requests to pods that do not listen yet, or no longer.",
  check: ({ routes }) =>
    [...new Set(routes.flatMap((r) => r.service ?? []))]
      .filter(({ service }) => service.spec?.publishNotReadyAddresses === true)
      .map(({ ref }) => ({
        subject: ref,
        path: ["spec", "publishNotReadyAddresses"],
        message: "publishNotReadyAddresses is true, and a route leads here",
        fix: {
          title: "Publish only pods that are ready",
          applicability: "unsafe" as const,
          patch: { object: ref, type: "merge" as const, body: { spec: { publishNotReadyAddresses: false } } },
          effect: "pods that are not ready get no requests",
        },
      })),
};
