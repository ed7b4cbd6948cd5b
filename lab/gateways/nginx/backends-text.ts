import type { Backend } from "./configuration.ts";

/** What lua/configuration.lua reads: lines of fields, which are names, numbers and addresses, between tabs. */
export function backendsText(backends: readonly Backend[]): string {
  const lines = backends.flatMap((backend) => {
    const { name, alternative = "", affinityCookie = "", canary, external, endpoints } = backend;
    return [
      ["backend", name, alternative, affinityCookie],
      ...(canary === undefined
        ? []
        : [["canary", canary.weight, canary.weightTotal, canary.header, canary.headerValue, canary.cookie]]),
      ...(external === undefined ? [] : [["external", external.host, external.port]]),
      ...endpoints.map(({ address, port }) => ["endpoint", address, port]),
    ];
  });
  return lines
    .map((fields) => `${fields.map((f) => String(f).replaceAll(/[\t\n]/g, " ")).join("\t")}\n`)
    .join("");
}
