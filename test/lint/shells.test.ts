import { spawn } from "node:child_process";
import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { stayingShell } from "../../src/lint/shell-script.ts";

/** Whether the shell is still the process that was started when the last command of its script runs. */
async function stays(shell: string, script: string): Promise<boolean> {
  const child = spawn(shell, ["-c", script], { stdio: "ignore", detached: true });
  const { pid = 0 } = child;
  try {
    for (let round = 0; round < 400; round++) {
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
      if (readlinkSync(`/proc/${pid}/exe`).endsWith("/sleep")) return false;
      if (children.some((id) => id !== "" && isSleep(id))) return true;
      // oxlint-disable-next-line no-await-in-loop -- until it is one or the other
      await pause(5);
    }
    throw new Error(`${shell} did not come to the last command of ${script}`);
  } finally {
    process.kill(-pid, "SIGKILL");
  }
}

function isSleep(id: string): boolean {
  const exe = `/proc/${id}/exe`;
  return existsSync(exe) && readlinkSync(exe).endsWith("/sleep");
}

const scripts = [
  "sleep 60",
  "true; sleep 60",
  "export A=1 && sleep 60",
  "true\n# what's next\nsleep 60\n",
  "A=1 sleep 60",
  "echo 'a;b|c' \"it's\" && sleep 60",
  "true && exec sleep 60",
  "exec sleep 60 2>&1",
  "sleep 60 2>/dev/null",
  "sleep 60 2>&1",
  "sleep 60 | cat",
  "sleep 60 & wait",
  "if true; then sleep 60; fi",
  "if true; then exec sleep 60; fi",
  "while true; do sleep 60; done",
  "(sleep 60)\ntrue; { sleep 60; }",
];

describe("which shell stays process 1 is as the real shells have it", () => {
  test.each(scripts)("bash -c %j", async (script) => {
    const said = stayingShell({ name: "web", command: ["/bin/bash", "-c", script] }) !== undefined;
    expect(said).toBe(await stays("/bin/bash", script));
  });

  test.each(scripts)("dash -c %j", async (script) => {
    const image = "debian:13-slim";
    const said = stayingShell({ name: "web", image, command: ["/bin/sh", "-c", script] }) !== undefined;
    expect(said).toBe(await stays("/bin/dash", script));
  });
});
