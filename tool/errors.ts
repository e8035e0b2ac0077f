import { UserError } from "../facts/errors";

interface SdkError extends Error {
  $metadata?: { httpStatusCode?: number; attempts?: number };
  code?: string;
}

const ACCESS_DENIED = /AccessDenied|UnauthorizedOperation|NotAuthorized/i;
const BAD_CREDENTIALS = /ExpiredToken|InvalidClientTokenId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|TokenRefreshRequired/i;
const UNREACHABLE = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET|EHOSTUNREACH|TimeoutError/;

/** The same failure in words for a person; undefined for an error that is a defect of this program and deserves its stack trace. */
export function explain(error: unknown): UserError | undefined {
  if (error instanceof UserError) return error;
  if (!(error instanceof Error)) return undefined;
  const { name, message, code, $metadata } = error as SdkError;
  if (name === "CredentialsProviderError" || name === "TokenProviderError") {
    return new UserError(`There are no usable AWS credentials: ${message}`, [
      "Sign in (`aws sso login`), or set AWS_PROFILE, or `aws:profile` in the stack's settings; keys in the settings reach the Pulumi provider alone.",
      "`berth doctor` checks the whole set-up.",
    ]);
  }
  if (name === "Error" && /^Region (?:is missing|not accepted)/.test(message)) {
    return new UserError("No usable AWS region is set: give --region, or `aws:region` in the stack's settings, or AWS_REGION.");
  }
  if (BAD_CREDENTIALS.test(name)) {
    return new UserError(`AWS refused the credentials (${name}): ${message}`, [
      "Sign in again (`aws sso login`), or choose another profile with --profile.",
    ]);
  }
  if (ACCESS_DENIED.test(name)) {
    return new UserError(`AWS did not permit this (${name}): ${message}`, [
      "Add the named action to the policy of the role or user that runs berth.",
    ]);
  }
  if (name === "ClusterNotFoundException") {
    return new UserError("AWS knows no such ECS cluster in this region and account.", ["Check --cluster, --region and --profile."]);
  }
  if (/Throttl|TooManyRequests|RequestLimitExceeded/.test(name)) {
    return new UserError(`AWS kept throttling the requests (${name}, ${$metadata?.attempts ?? 1} attempts).`, [
      "Wait a minute and start the command again.",
    ]);
  }
  if (UNREACHABLE.test(code ?? "") || UNREACHABLE.test(name)) {
    return new UserError(`AWS cannot be reached: ${message || code}`, ["Check the network, the region's name and AWS_ENDPOINT_URL."]);
  }
  if ($metadata && name === "Unknown") return new UserError(`AWS answered with HTTP ${$metadata.httpStatusCode} and no explanation.`);
  if ($metadata) return new UserError(`AWS answered ${name}: ${message}`);
  return undefined;
}
