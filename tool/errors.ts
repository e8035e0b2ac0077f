import { UserError } from "../facts/errors";
import type { Paint } from "./paint";
import { printable } from "./printable";
import { plural } from "./text";

interface SdkError extends Error {
  $metadata?: { httpStatusCode?: number; attempts?: number };
  code?: string;
}

const ACCESS_DENIED = /AccessDenied|UnauthorizedOperation|NotAuthorized/i;
const NO_CREDENTIALS = /^(?:CredentialsProviderError|TokenProviderError)$/;
const EXPIRED = /ExpiredToken|RequestExpired|TokenRefreshRequired/;
const BAD_CREDENTIALS =
  /ExpiredToken|RequestExpired|InvalidClientTokenId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|TokenRefreshRequired/i;
const UNREACHABLE = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET|EHOSTUNREACH|TimeoutError/;

/** A failure as lines for a person: what is wrong, then what to do. Every verb's failure is printed from here. */
export function failureLines(error: unknown, paint: Paint): string[] {
  const known = explain(error);
  if (!known) return [paint.red(printable(error instanceof Error ? error.message : String(error)))];
  return [paint.red(printable(known.message)), ...adviceLines(printable(known.advice), paint)];
}

export function adviceLines(advice: string[], paint: Paint): string[] {
  if (advice.length === 0) return [];
  return [paint.bold("What to do:"), ...advice.map((step) => `  - ${step}`)];
}

/** Whether AWS refused a call for want of a permission. */
export function isAccessDenied(error: unknown): error is Error {
  return error instanceof Error && ACCESS_DENIED.test(error.name);
}

/** Whether there are no credentials any more, or AWS no longer takes them. */
export function areCredentialsGone(error: unknown): boolean {
  return error instanceof Error && (NO_CREDENTIALS.test(error.name) || EXPIRED.test(error.name));
}

/** The same failure in words for a person; undefined for an error that is a defect of this program. */
export function explain(error: unknown): UserError | undefined {
  if (error instanceof UserError) return error;
  if (!(error instanceof Error)) return undefined;
  const { name, message, code, $metadata } = error as SdkError;
  if (NO_CREDENTIALS.test(name)) {
    return new UserError(`There are no usable AWS credentials: ${message}`, [
      "Sign in (`aws sso login`), or set AWS_PROFILE, or `aws:profile` in the stack's settings; keys in the settings are used by the Pulumi provider only.",
      "`npx berth doctor` checks the whole setup.",
    ]);
  }
  if (name === "Error" && /^Region (?:is missing|not accepted)/.test(message)) {
    return new UserError("No usable AWS region is set: give --region, or `aws:region` in the stack's settings, or AWS_REGION.");
  }
  if (BAD_CREDENTIALS.test(name)) {
    return new UserError(`AWS rejected the credentials (${name}): ${message}`, [
      "Sign in again (`aws sso login`), or choose another profile with --profile.",
    ]);
  }
  if (ACCESS_DENIED.test(name)) {
    return new UserError(`AWS did not permit this (${name}): ${message}`, [
      "Add the named action to the policy of the role or user that runs berth.",
    ]);
  }
  if (name === "ClusterNotFoundException") {
    return new UserError("There is no such ECS cluster in this region and account.", ["Check --cluster, --region and --profile."]);
  }
  if (/Throttl|TooManyRequests|RequestLimitExceeded/.test(name)) {
    return new UserError(`AWS kept throttling the requests (${name}, ${plural($metadata?.attempts ?? 1, "attempt")}).`, [
      "Wait a minute and run the command again.",
    ]);
  }
  if (UNREACHABLE.test(code ?? "") || UNREACHABLE.test(name)) {
    return new UserError(`AWS cannot be reached: ${message || code}`, ["Check the network, the region's name and AWS_ENDPOINT_URL."]);
  }
  if ($metadata && name === "Unknown") return new UserError(`AWS answered with HTTP ${$metadata.httpStatusCode} and no explanation.`);
  if ($metadata) return new UserError(`AWS answered ${name}: ${message}`);
  return undefined;
}
