import { spawnSync } from "node:child_process";

/** Whether one of these programs cannot be run here; says once which tests that leaves out. */
export function lacks(
  what: string,
  ...programs: readonly (readonly [name: string, ...args: string[]])[]
): boolean {
  const missing = programs.filter(
    ([name, ...args]) => spawnSync(name, args, { stdio: "ignore" }).status !== 0,
  );
  if (missing.length > 0)
    process.stderr.write(
      `skipped: ${what}, as ${missing.map((m) => m.join(" ")).join(" and ")} does not run here\n`,
    );
  return missing.length > 0;
}

export const openssl = ["openssl", "version"] as const;
