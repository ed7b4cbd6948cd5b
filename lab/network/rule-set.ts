import { ip } from "./run.ts";

/** The lab's rules in one namespace. */
export interface RuleSet {
  /** Makes them these; resolves when they hold. The last call wins. */
  become(rules: readonly string[]): Promise<void>;
}

/** @param pid a process of the namespace; absent: the root namespace */
export function openRuleSet(pid: number | undefined): RuleSet {
  let present = new Set<string>();
  let turn: Promise<void> = Promise.resolve();

  const change = async (wanted: ReadonlySet<string>): Promise<void> => {
    const gone = [...present].filter((rule) => !wanted.has(rule));
    const added = [...wanted].filter((rule) => !present.has(rule));
    present = new Set(wanted);
    // Added first: a pod that is shut off is never open in between.
    await ip([...added.map((rule) => `rule add ${rule}`), ...gone.map((rule) => `rule del ${rule}`)], pid);
  };

  return {
    become: (rules) => {
      const wanted = new Set(rules);
      const done = turn.then(() => change(wanted));
      turn = done.catch(() => {});
      return done;
    },
  };
}
