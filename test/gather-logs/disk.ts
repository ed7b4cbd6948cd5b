import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Loss } from "../../src/evidence/evidence.ts";
import type { LogInput } from "../../src/gather/log-files/log-input.ts";
import { readInput } from "../../src/gather/log-files/read-input.ts";

/** A folder of the test's own, gone when it is disposed of. */
export class Disk {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "why5xx-logs-")));

  path(name: string): string {
    return join(this.root, name);
  }

  write(name: string, content: string | Uint8Array): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export interface Outcome {
  /** By member, in the order they came. */
  readonly texts: Record<string, string>;
  readonly losses: readonly Loss[];
}

export async function outcomeOf(input: LogInput): Promise<Outcome> {
  const parts = new Map<string, Buffer[]>();
  const losses: Loss[] = [];
  for await (const { member, bytes } of readInput(input, (loss) => losses.push(loss)))
    parts.set(member, [...(parts.get(member) ?? []), bytes]);
  const texts = [...parts].map(
    ([member, chunks]) => [member, Buffer.concat(chunks).toString("latin1")] as const,
  );
  return { texts: Object.fromEntries(texts), losses };
}

/** Reads a file with this content; the member's name is "log". */
export async function contentOutcome(content: Uint8Array): Promise<Outcome> {
  using disk = new Disk();
  return await outcomeOf({ name: "log", path: disk.write("log", content), codec: "none" });
}

/** What a program of the system makes of bytes. */
export const piped = (program: string, args: readonly string[], input: Uint8Array): Buffer =>
  execFileSync(program, args, { input, maxBuffer: 512 * 1024 * 1024 });

/** Access lines, each different: `count` of them, the same for the same `seed`. */
export function accessLines(count: number, seed = 1): string {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    const second = String(i % 60).padStart(2, "0");
    const id = `${next(2 ** 31).toString(16)}${next(2 ** 31).toString(16)}`;
    lines.push(
      `10.0.${next(256)}.${next(256)} - - [18/Nov/2026:10:30:${second} +0000] "GET /cart/${next(1e6)} HTTP/1.1" ${next(9) === 0 ? 502 : 200} ${next(9000)} "-" "curl/8" ${next(900)} 0.${next(999)} [shop-cart-80] [] 10.2.0.${next(256)}:8080 ${next(9000)} 0.${next(999)} 200 ${id}\n`,
    );
  }
  return lines.join("");
}
