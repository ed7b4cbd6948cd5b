import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { frozenCases } from "../../../corpus/frozen-cases.ts";
import { faultOf } from "../../../lab/faults/all.ts";
import type { Plan } from "../../../lab/faults/fault.ts";
import type { TriedRequest } from "../../../lab/load/tried-request.ts";
import { adoptRuns } from "../../../src/cli/lab/adopt.ts";
import { diagnoseKept } from "../../../src/cli/lab/diagnosis.ts";
import { keepRun, keptRuns } from "../../../src/cli/lab/kept-run.ts";
import { rescored } from "../../../src/cli/lab/scored-run.ts";
import { openSource } from "../../../src/gather/open-source.ts";

const scratch = mkdtempSync(join(tmpdir(), "why5xx-kept-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const frozen = frozenCases().find(({ id }) => id === "lab-wrong-target-port-number")!;
const fault = faultOf("wrong-target-port-number")!;
const plan: Plan = {
  target: frozen.target,
  objects: [],
  traffic: [],
  seconds: 1,
  steps: [],
  isOwn: ({ path }) => path !== "/health",
};
const [host = "", ...path] = frozen.target.split("/");
const tried = (id: string, status: number, at = `/${path.join("/")}`): TriedRequest => ({
  id,
  method: "GET",
  host,
  path: at,
  client: "198.51.100.7",
  dueMs: 1000,
  startMs: 1000,
  endMs: 1500,
  status,
});

async function keepOne(folder: string): Promise<void> {
  const sent = { atMs: 900, tried: [tried("a", 502), tried("b", 200), tried("c", 503, "/elsewhere")] };
  const evidence = await openSource(frozen.bundle, {});
  await keepRun(folder, { fault, seed: 3, gateway: "nginx", plan, sent }, evidence);
}

describe("a run that is kept", () => {
  it("is read back with its truth and what failed at its target, and is diagnosed alike", async () => {
    const folder = join(scratch, "kept");
    await keepOne(join(folder, "one"));
    await keepOne(join(folder, "one"));
    const [kept, ...more] = keptRuns(folder);
    expect(more).toEqual([]);
    expect(kept).toMatchObject({
      asked: { fault: { id: fault.id }, seed: 3, gateway: "nginx" },
      expectation: { id: "one", target: frozen.target, expect: { causes: fault.causes } },
      failed: [{ id: "a", status: 502, isOwn: true }],
    });
    expect((await diagnoseKept(kept!.bundle, frozen.target)).report.targets).toEqual(
      (await diagnoseKept(frozen.bundle, frozen.target)).report.targets,
    );
  });

  it("is judged again with its own requests", async () => {
    const folder = join(scratch, "again");
    cpSync(dirname(frozen.bundle), join(folder, "one"), { recursive: true });
    const [kept] = keptRuns(folder);
    const { judged, attribution, wasShown } = await rescored(kept!);
    expect({ top1: judged.top1, wasShown }).toEqual({ top1: true, wasShown: true });
    expect(attribution).toMatchObject({ failed: kept!.failed.length, right: kept!.failed.length, wrong: 0 });
  });

  it("becomes a case under the id of its fault, in the place of the one before", async () => {
    const [folder, corpus] = [join(scratch, "adopted"), join(scratch, "corpus")];
    const id = "lab-wrong-target-port-number";
    await keepOne(join(folder, "one"));
    mkdirSync(join(corpus, id, "bundle"), { recursive: true });
    writeFileSync(join(corpus, id, "bundle", "of-the-one-before.txt"), "");
    expect(await adoptRuns([join(folder, "one")], corpus)).toEqual([id]);
    const [adopted] = keptRuns(corpus);
    expect(adopted?.expectation).toMatchObject({
      id,
      recordedBy: `why5xx lab record wrong-target-port-number --seed 3 --gateway nginx -o ${id}`,
    });
    expect(() => readFileSync(join(corpus, id, "bundle", "of-the-one-before.txt"))).toThrow("ENOENT");
    await expect(adoptRuns([join(folder, "one"), join(corpus, id)], corpus)).rejects.toThrow(
      `would be ${id}`,
    );
  });
});

describe("what cannot be read as a kept run", () => {
  it("is an empty folder, with the command that fills it", () => {
    expect(() => keptRuns(join(scratch, "none"))).toThrow("lab score --keep");
  });

  it("is a cut file, by its name", async () => {
    const folder = join(scratch, "cut");
    await keepOne(join(folder, "one"));
    truncateSync(join(folder, "one", "run.json"), 20);
    expect(() => keptRuns(folder)).toThrow(/cut.one.run\.json cannot be read/);
  });

  it("is one of a fault that is no longer made, with the nearest", async () => {
    const folder = join(scratch, "gone");
    await keepOne(join(folder, "one"));
    const file = join(folder, "one", "run.json");
    writeFileSync(
      file,
      readFileSync(file, "utf8").replace("wrong-target-port-number", "wrong-target-port-nimber"),
    );
    expect(() => keptRuns(folder)).toThrow(
      'no fault "wrong-target-port-nimber". Did you mean wrong-target-port',
    );
  });
});
