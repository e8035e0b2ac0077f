/**
 * The settings or the program are wrong. The message is for the user: it is printed as it stands, without a stack trace, and the
 * process ends with status 2.
 */
export class PlanError extends Error {
  override readonly name = "PlanError";
}
