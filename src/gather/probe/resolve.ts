import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { ProbedHop } from "../../evidence/probed-hop.ts";

const words: Readonly<Record<string, string>> = {
  ENOTFOUND: "the name does not exist, or has no address",
  EAI_AGAIN: "the resolver did not answer",
  ENODATA: "the name has no address",
};

/** Asks what this machine asks (getaddrinfo: /etc/hosts, then DNS); undefined for a host that is an address. */
export async function resolveHop(hostname: string, deadlineMs: number): Promise<ProbedHop | undefined> {
  const host = hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) return undefined;
  const startMs = performance.now();
  const hop = { place: "dns", name: host, via: "resolver" } as const;
  const timings = (): ProbedHop["timings"] => {
    const resolveMs = Math.round((performance.now() - startMs) * 10) / 10;
    return { resolveMs, totalMs: resolveMs };
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error("late"), { code: "deadline" })), deadlineMs);
  });
  try {
    const found = await Promise.race([lookup(host, { all: true }), late]);
    return { ...hop, addresses: [...new Set(found.map(({ address }) => address))], timings: timings() };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    const text =
      code === "deadline" ? `the resolver gave no answer in ${deadlineMs / 1000} s` : (words[code] ?? code);
    return { ...hop, problem: { phase: "resolve", code, text }, timings: timings() };
  } finally {
    clearTimeout(timer);
  }
}
