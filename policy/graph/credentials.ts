// What looks like a credential. Messages name the place and never the value.

const secretWords = /password|passwd|secret|private_?key|token|api_?key|aws_access_key_id|ecs_engine_auth_data|credential/i;
const harmlessNames = /^(token_type|version)|(_arn|_name|_id|_path|_file|_url)$/i;
const awsKeys = /^(aws_access_key_id|aws_secret_access_key|ecs_engine_auth_data)$/i;

/** True if a setting of that name holds a secret, by common usage. */
export function secretName(name: string): boolean {
  return awsKeys.test(name) || (secretWords.test(name) && !harmlessNames.test(name));
}

/** What kind of credential the text holds, or undefined. */
export function credentialIn(text: string): string | undefined {
  if (/\b(AKIA|ASIA)[0-9A-Z]{16}\b/.test(text)) return "an AWS access key id";
  if (/-----BEGIN [A-Z ]*PRIVATE KEY/.test(text)) return "a private key";
  if (/:\/\/[^\s/:@]+:(?![$%{<])[^\s/@]+@/.test(text)) return "a URL with a password";
  return undefined;
}

/** True if a setting's name says secret and its value is one: not a reference to one, a switch or a number. */
export function looksSecret(name: string, value: string): boolean {
  return secretName(name) && !/^(arn:|$|true$|false$|\d{1,6}$)/i.test(value);
}
