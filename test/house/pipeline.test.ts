import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { flagsOf } from "../../src/cli/commands.ts";
import { bareEnvironment, main, root } from "../cli/run-program.ts";

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly {
      readonly name: string;
      readonly run: string;
      readonly env?: Readonly<Record<string, string>>;
    }[];
  };
}

const action = parse(readFileSync(join(root, "action.yml"), "utf8")) as Action;
const step = action.runs.steps.find((s) => s.name === "Lint");

function runStep(inputs: Readonly<Record<string, string>>): {
  code: number | null;
  stdout: string;
  stderr: string;
} {
  const { status, stdout, stderr } = spawnSync(
    "bash",
    ["--noprofile", "--norc", "-eo", "pipefail", "-c", step?.run ?? "exit 99"],
    {
      cwd: root,
      encoding: "utf8",
      env: {
        ...bareEnvironment,
        NODE: join(root, "node_modules/.bin/node"),
        WHY5XX: main,
        PATHS: action.inputs["paths"]?.default ?? "",
        FAIL_ON: action.inputs["fail-on"]?.default ?? "",
        BASELINE: "",
        SARIF: "",
        ...inputs,
      },
    },
  );
  return { code: status, stdout, stderr };
}

describe("the GitHub Action", () => {
  test("hands every input over as a variable, and puts none into a script", () => {
    const values = Object.values(step?.env ?? {}).join(" ");
    for (const name of Object.keys(action.inputs)) expect(values).toContain(`\${{ inputs.${name} }}`);
    for (const { run } of action.runs.steps) expect(run).not.toContain("${{");
  });

  test("annotates what it finds and fails", () => {
    const { code, stdout } = runStep({ PATHS: "test/lint/cases/single-replica/bad.yaml\n" });
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/^::warning file=test\/lint\/cases\/single-replica\/bad.yaml,line=\d+,title=/),
    ]);
  });

  test("passes where nothing is found, with the SARIF file written", () => {
    const { code } = runStep({ PATHS: "test/lint/cases/single-replica/good.yaml", SARIF: "/dev/null" });
    expect(code).toBe(0);
  });

  test("what cannot be read is told, and fails it, with the SARIF file written or not", () => {
    const { code, stderr } = runStep({ PATHS: "test/lint/cases/none.yaml", SARIF: "/dev/null" });
    expect([code, stderr]).toEqual([
      2,
      "why5xx: test/lint/cases/none.yaml: no such file or folder. Look at what is there with: ls\n",
    ]);
  });

  test("a path that looks like a command stays a path", () => {
    const { code, stdout, stderr } = runStep({ PATHS: "$(echo owned; exit 0)" });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("$(echo owned; exit 0): no such file or folder");
  });
});

test("the pre-commit hook runs a command that exists, over the whole folder", () => {
  const [hook] = parse(readFileSync(join(root, ".pre-commit-hooks.yaml"), "utf8")) as [
    { id: string; entry: string; args: string[]; pass_filenames: boolean; files: string },
  ];
  expect(hook.entry).toBe("why5xx lint");
  expect(hook.pass_filenames).toBe(false);
  expect(flagsOf("lint").length).toBeGreaterThan(5);
  expect("k8s/web.yml").toMatch(new RegExp(hook.files));
});
