/**
 * Records what a real nginx logs when a scripted set of pods misbehaves.
 *
 * How the lines are made: nginx (1.22 or later) runs with the settings ingress-nginx writes, in a
 * private network namespace whose loopback device carries the addresses of the case: the pods', the
 * gateway's, the clients'. Scripted servers stand for the pods; real requests are sent; what nginx
 * writes into its access and error log is kept in the order in which it was written.
 * One thing is changed: timestamps are moved by whole seconds to the case's time (and the folder that
 * nginx ran in reads /tmp/nginx). A recording placed
 * more than once gets fresh request ids and connection numbers for each further placing, because
 * they name single requests. Texts of errno are glibc's; ingress-nginx images say them in musl's words.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { hexOf } from "../ids.ts";
import type { Line } from "../lines.ts";
import { atMs } from "../time.ts";
import type { Script } from "./script.ts";

const stage = fileURLToPath(new URL("stage.ts", import.meta.url));

/** Plays a script and gives back its log. Needs Linux, nginx, ip, openssl and unshare. */
export async function record(script: Script): Promise<Recording> {
  const root = process.getuid?.() === 0;
  const child = spawn("unshare", [root ? "-n" : "-rn", process.execPath, stage], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify(script));
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0)
    throw new Error(
      `the recording ended with ${code}: it needs nginx, iproute2, openssl and the right to make a network namespace`,
    );
  const { startedAtMs, log } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as {
    startedAtMs: number;
    log: string;
  };
  return new Recording(
    startedAtMs,
    log.split("\n").filter((line) => line !== ""),
  );
}

const two = (n: number): string => String(n).padStart(2, "0");
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const errorTime = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)/;
const accessTime = /\[(\d\d)\/(\w{3})\/(\d{4}):(\d\d):(\d\d):(\d\d) \+0000\]/;
const isoTime = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?=\+00:00)/;

export class Recording {
  readonly #startedAtMs: number;
  readonly #lines: readonly string[];
  #placed = 0;

  constructor(startedAtMs: number, lines: readonly string[]) {
    this.#startedAtMs = startedAtMs;
    this.#lines = lines;
  }

  /** Lines as recorded, times and all. */
  get raw(): readonly string[] {
    return this.#lines;
  }

  /** The lines moved so that the recording starts at `when`. May be called again for a repetition. */
  at(when: string): Line[] {
    const shiftMs = Math.floor(atMs(when) / 1000) * 1000 - this.#startedAtMs;
    const copy = this.#placed;
    this.#placed += 1;
    return this.#lines.map((line) => {
      const moved = moveTimes(line, shiftMs);
      return copy === 0 ? moved : { atMs: moved.atMs, text: freshIds(moved.text, copy) };
    });
  }

  /** Placed at each of several offsets. */
  atEach(...whens: readonly string[]): Line[] {
    return whens.flatMap((when) => this.at(when));
  }
}

function moveTimes(line: string, shiftMs: number): Line {
  let ms = 0;
  const text = line
    .replace(errorTime, (_all, y: string, mo: string, d: string, h: string, mi: string, s: string) => {
      ms = Date.UTC(+y, +mo - 1, +d, +h, +mi, +s) + shiftMs;
      return new Date(ms).toISOString().slice(0, 19).replaceAll("-", "/").replace("T", " ");
    })
    .replace(accessTime, (_all, d: string, mo: string, y: string, h: string, mi: string, s: string) => {
      ms = Date.UTC(+y, months.indexOf(mo), +d, +h, +mi, +s) + shiftMs;
      const t = new Date(ms);
      return `[${two(t.getUTCDate())}/${months[t.getUTCMonth()]}/${t.getUTCFullYear()}:${t.toISOString().slice(11, 19)} +0000]`;
    })
    .replace(isoTime, (iso) => {
      ms = Date.parse(`${iso}Z`) + shiftMs;
      return new Date(ms).toISOString().slice(0, 19);
    });
  return { atMs: ms, text };
}

const freshIds = (text: string, copy: number): string =>
  text
    .replace(/\b[0-9a-f]{32}\b/g, (id) => hexOf(`${id}/${copy}`).slice(0, 32))
    .replace(/ \*(\d+) /, (_all, n: string) => ` *${Number(n) + copy * 5000} `);
