import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "../command.ts";
import { warn, writeOut } from "../output.ts";
import { type Keeper, keepers } from "./up-file.ts";

const patienceMs = 30_000;

/** Ends the labs that `lab up` keeps. */
export async function down(_call: Call): Promise<number> {
  const kept = keepers();
  const ended = await Promise.all(kept.map(end));
  await writeOut(
    kept.length === 0 ? "No lab is up.\n" : `Ended ${ended.filter(Boolean).length} of ${kept.length} labs.\n`,
  );
  return ended.every(Boolean) ? 0 : 2;
}

async function end({ pid, folder }: Keeper): Promise<boolean> {
  try {
    process.kill(pid, "SIGTERM");
  } catch (error) {
    warn(`why5xx: process ${pid} cannot be told to end: ${String(error)}`);
    return false;
  }
  const endsMs = performance.now() + patienceMs;
  while (existsSync(folder)) {
    if (performance.now() > endsMs) {
      warn(`why5xx: the lab of process ${pid} has not ended in ${patienceMs / 1000} s: kill ${pid}`);
      return false;
    }
    await sleep(50);
  }
  return true;
}
