/** What was typed cannot be run; the message says what would be accepted. */
export class UsageProblem extends Error {
  override readonly name = "UsageProblem";
}
