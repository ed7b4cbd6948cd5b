/** A path that cannot be read as a log; the message says what was looked for, where, and what to type next. */
export class LogInputProblem extends Error {
  override readonly name = "LogInputProblem";
}
