import type { LintRule } from "../rule.ts";

export const settingIgnored: LintRule = {
  id: "setting-ignored",
  severity: "warning",
  title: "The gateway ignores a setting as it is written",
  why: 'A value in a form that the gateway does not take is skipped without an error, and the default holds: a timeout of "300s" stays at 60 seconds where a whole number is wanted.',
  check: ({ routes }) => {
    const seen = new Set<string>();
    return routes.flatMap(({ object, settings }) => {
      const known = settings();
      const ignored = known.state === "present" ? (known.value.ignored ?? []) : [];
      return ignored.flatMap(({ key, value, source, why }) => {
        if (!source.startsWith("Ingress ") || seen.has(source)) return [];
        seen.add(source);
        return {
          subject: object,
          part: key,
          path: ["metadata", "annotations", key],
          message: `"${value}" is ignored: ${why}`,
        };
      });
    });
  },
};
