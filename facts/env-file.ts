// Files with environment variables, as ECS and Docker read them: `NAME=value` on each line, comments behind `#`, and nothing else. No Pulumi here.
import { credentialComplaint, keepSecret } from "./credentials";
import { variableComplaint } from "./names";

export interface EnvLine {
  /** From 1. */
  line: number;
  name: string;
  value: string;
}

/** The variables of a file, and what is wrong with its lines. */
export function readEnvFile(text: string): { variables: EnvLine[]; complaints: string[] } {
  const variables: EnvLine[] = [];
  const complaints: string[] = [];
  for (const [i, whole] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (whole.trim() === "" || whole.startsWith("#")) continue;
    const [name = "", ...rest] = whole.split("=");
    const one = { line: i + 1, name, value: rest.join("=") };
    const complaint = lineComplaint(one, rest.length > 0);
    if (complaint === undefined) variables.push(one);
    else complaints.push(`line ${one.line}: ${complaint}`);
  }
  return { variables, complaints };
}

function lineComplaint({ name, value }: EnvLine, hasValue: boolean): string | undefined {
  if (/^export\s/.test(name)) return `"export" is a shell's, and no shell reads the file; write NAME=value.`;
  if (variableComplaint(name)) return `it is not NAME=value; a name has letters, digits and "_", no digit first, and no space around "=".`;
  if (!hasValue) return `${name} has no value; write ${name}=value.`;
  if (/^(["']).*\1$/.test(value)) return `the quotes around the value of ${name} would be part of it; leave them out.`;
  const credential = credentialComplaint(name, value);
  return credential && `${name}: ${credential}, and the file is kept as it is in the state and in S3. ${keepSecret(name)}`;
}
