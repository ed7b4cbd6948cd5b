import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isObject } from "../../base/json-value.ts";
import { escalationExample } from "../../render/incident/words.ts";
import type { ContactReport, EscalationReport } from "../../report/incident-report.ts";
import { durationMs } from "../duration.ts";
import { UsageProblem } from "../usage-problem.ts";

type Settings = Omit<EscalationReport, "message">;

const texts = ["severity", "timeBox", "channel"] as const;
const names: Readonly<Record<string, string>> = { timeBox: "time box" };

/**
 * Who is called and when: the file that is named, else the key "escalation" of .why5xx.yaml here, or of
 * why5xx/config.yaml under $XDG_CONFIG_HOME. Nothing is assumed of what nobody wrote down. @throws UsageProblem
 */
export async function escalationFor(path: string | undefined): Promise<Settings> {
  if (path !== undefined) {
    const value = await yamlOf(path);
    const isWrapped = isObject(value) && "escalation" in value;
    return settingsOf(isWrapped ? value["escalation"] : value, path);
  }
  for (const file of usualFiles()) {
    if (!existsSync(file)) continue;
    // oxlint-disable-next-line no-await-in-loop -- the first that says something is taken
    const value = await yamlOf(file);
    if (isObject(value) && "escalation" in value) return settingsOf(value["escalation"], file);
  }
  return { contacts: [], missing: missingOf({}) };
}

function usualFiles(): string[] {
  const configured = process.env["XDG_CONFIG_HOME"];
  const home = configured === undefined || configured === "" ? join(homedir(), ".config") : configured;
  return [".why5xx.yaml", join(home, "why5xx", "config.yaml")];
}

function settingsOf(value: unknown, file: string): Settings {
  const wrong = (problem: string): UsageProblem =>
    new UsageProblem(`${file}: ${problem}. It looks like this:\n${escalationExample}`);
  if (!isObject(value)) throw wrong("escalation has to be a mapping");
  const { contacts = [], ...rest } = value;
  const odd = Object.keys(rest).find((key) => !texts.some((t) => t === key));
  if (odd !== undefined) throw wrong(`there is no "${odd}"; there are ${texts.join(", ")} and contacts`);
  const settings: Partial<Record<(typeof texts)[number], string>> = {};
  for (const key of texts) {
    const text = textOf(rest[key]);
    if (text === null) throw wrong(`${key} has to be a text`);
    if (text !== undefined) settings[key] = text;
  }
  if (settings.timeBox !== undefined) durationMs(settings.timeBox, `timeBox in ${file}`);
  if (!Array.isArray(contacts)) throw wrong("contacts has to be a list");
  const people = contacts.map((contact: unknown, i) => {
    const read = contactOf(contact);
    if (typeof read === "string") throw wrong(`contacts[${i}]: ${read}`);
    return read;
  });
  const filled = { ...settings, contacts: people };
  return { from: file, ...filled, missing: missingOf(filled) };
}

function contactOf(value: unknown): ContactReport | string {
  if (!isObject(value)) return "it has to be a mapping with name, role and reach";
  const odd = Object.keys(value).find((key) => !["name", "role", "reach"].includes(key));
  if (odd !== undefined) return `there is no "${odd}"; there are name, role and reach`;
  const [name, role, reach] = [textOf(value["name"]), textOf(value["role"]), textOf(value["reach"])];
  if (name === undefined || name === null) return "name is missing";
  if (role === null || reach === null) return "role and reach have to be texts";
  return { name, ...(role === undefined ? {} : { role }), ...(reach === undefined ? {} : { reach }) };
}

/** Undefined when it is not there or empty, null when it is no text; a telephone number may be a number in YAML. */
function textOf(value: unknown): string | undefined | null {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : null;
}

function missingOf(settings: Partial<Settings>): string[] {
  const blank: string[] = texts.filter((key) => settings[key] === undefined).map((key) => names[key] ?? key);
  return (settings.contacts ?? []).length === 0 ? [...blank, "contacts"] : blank;
}

async function yamlOf(file: string): Promise<unknown> {
  const { parse } = await import("yaml");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageProblem(`${file} cannot be read: ${messageOf(error)}`);
  }
  try {
    return parse(text, { logLevel: "error", prettyErrors: false, maxAliasCount: 100 });
  } catch (error) {
    throw new UsageProblem(`${file} is not YAML: ${messageOf(error)}`);
  }
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
