// What must not stand in plain where others can read it: a container's environment shows in the console, in CloudTrail and in every DescribeTaskDefinition,
// build arguments in the image's history, user data on the instance. Texts name the place and the kind, never the value. No Pulumi here.

/** What a name ends with that holds a credential, by its last words. What follows it (a TTL, a header, a region) would be what the value is. */
const TELLTALE: [words: RegExp, kind: string][] = [
  [/(^| )(password|passwords|passwd|passphrase|pwd|pass)$/, "a password"],
  [/(^| )(api ?key|api ?keys)$/, "an API key"],
  [/(^| )private ?keys?$/, "a private key"],
  [
    /(^| )(access|secret|encryption|encrypt|signing|sign|master|auth|session|cookie|jwt|hmac|aes|app|account|storage|service|license|webhook|deploy|ssh|gpg)( ?key| keys)$/,
    "a key",
  ],
  [/(^| )aws access key id$/, "an AWS access key id"],
  [/(^| )ecs engine auth data$/, "registry credentials"],
  [/(^| )(secret|secrets)$/, "a secret"],
  [/(^| )(token|(access|api|auth|bearer|refresh) tokens)$/, "a token"],
  [/(^| )(credential|credentials|creds)$/, "credentials"],
];
/** Words that say which of several it is. */
const WHICH = /( (\d+|base|value|prod|production|staging|dev|test|old|new|current|previous|next|primary|secondary|backup|default))+$/;

/** A reference to a credential, a switch, a number, a time span, a file, a URL: nothing to keep secret, whatever it is called. */
const HARMLESS =
  /^(|arn:[\w-]+:.*|true|false|\d{1,6}|(\d+ ?(ms|s|m|h|d|w|seconds?|minutes?|hours?|days?|weeks?))+|\/(run|etc|var|mnt|app|home|opt|tmp|usr|srv)\/\S+|https?:\/\/\S+)$/i;

const VALUES: [form: RegExp, kind: string][] = [
  [/(?<![A-Z0-9])(AKIA|ASIA)[0-9A-Z]{16}(?![A-Z0-9])/, "an AWS access key id"],
  [/-----BEGIN [A-Z0-9 ]*PRIVATE KEY/, "a private key"],
  // A placeholder ($PASSWORD, {{password}}, %PASSWORD%) is none.
  [/:\/\/[^/\s:@]*:(?!\$|\{|<|%\w+%)[^/\s@]+@/, "a URL with a password"],
  [/[?&;](password|passwd|pwd|secret|token|api_?key|access_token|client_secret)=(?!\$|\{|<|%\w+%)[^&;\s]+/i, "a URL with a password"],
  [/(?:^|[;\s])(password|pwd)=(?!\$|\{|<|%\w+%)[^;\s]+/i, "a connection string with a password"],
  [/\b(gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,})/, "a token of GitHub"],
  [/\b(sk|rk)_live_\w{8,}/, "a key of Stripe"],
  [
    /\b(glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|npm_[A-Za-z0-9]{30,}|AIza[\w-]{30,}|SG\.[\w-]{16,}\.[\w-]{16,}|sk-[\w-]{20,}|hf_[A-Za-z0-9]{20,})/,
    "an API key",
  ],
  [/\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/, "a token (JWT)"],
  [/\b(Bearer|Basic) [\w.~+/-]{12,}=*/, "a header that authenticates"],
];

/** `dbPassword-2` -> `db password 2` */
const words = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/[^A-Za-z0-9]+/g, " ")
    .trim()
    .toLowerCase();

/** What kind of credential a setting of that name holds, by common usage; undefined if none. */
export function secretName(name: string): string | undefined {
  const bare = words(name).replace(WHICH, "");
  return TELLTALE.find(([form]) => form.test(bare))?.[1];
}

/** What kind of credential a text holds, by its form; undefined if none. */
export const credentialIn = (text: string): string | undefined => VALUES.find(([form]) => form.test(text))?.[1];

/** Whether a name says credential and the value may be one. */
export const looksSecret = (name: string, value: string): boolean => secretName(name) !== undefined && !HARMLESS.test(value);

/** Why this variable looks like a credential; undefined if it does not. The value never appears in the text. */
export function credentialComplaint(name: string, value: string): string | undefined {
  const kind = credentialIn(value);
  if (kind) return `its value has the form of ${kind}`;
  return looksSecret(name, value) ? `its name says it holds ${secretName(name)}` : undefined;
}

/** What is wrong with a variable in a container's environment; undefined if nothing is. */
export function environmentComplaint(name: string, value: string): string | undefined {
  const complaint = credentialComplaint(name, value);
  return complaint && shown(name, complaint);
}

/** The sentence for what must not stand in a container's environment. */
export const shown = (name: string, why: string) =>
  `${why}, and a task definition shows its environment to everyone who may read it. ${keepSecret(name)}`;

/** What to do instead, for messages. */
export const keepSecret = (name: string) =>
  `Give it as secrets: { ${name}: { value: ... } }, encrypted, or store it in Secrets Manager or as a SecureString parameter and give its name, secrets: { ${name}: "prod/db" }; ECS then hands it to the container as the same variable.`;
