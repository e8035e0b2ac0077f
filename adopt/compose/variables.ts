// The variables of a compose file: `.env` beside it, and `${NAME}` in its values, as Compose reads both. The process's own environment says nothing.

export type Variables = Readonly<Record<string, string>>;

/** A text with its variables put in. */
export interface Interpolated {
  text: string;
  /** Variables that are not set and have no default. */
  unset: string[];
  /** All variables whose values are in it. */
  used: string[];
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;

/** `${TAG:-latest}` with the variables put in; `$$` is a dollar sign. */
export function interpolate(text: string, variables: Variables): Interpolated {
  const found: Interpolated = { text: "", unset: [], used: [] };
  const add = ({ text, unset, used }: Interpolated) => {
    found.text += text;
    found.unset.push(...unset);
    found.used.push(...used);
  };
  let rest = text;
  while (rest !== "") {
    const dollar = rest.indexOf("$");
    if (dollar === -1) break;
    found.text += rest.slice(0, dollar);
    rest = rest.slice(dollar + 1);
    const name = NAME.exec(rest)?.[0];
    const end = rest.startsWith("{") ? closing(rest) : -1;
    if (rest.startsWith("$")) rest = rest.slice(1);
    if (end > 0) {
      add(substituted(rest.slice(1, end), variables));
      rest = rest.slice(end + 1);
    } else if (name !== undefined) {
      add(variableIn(name, variables));
      rest = rest.slice(name.length);
    } else found.text += "$";
  }
  return { ...found, text: found.text + rest };
}

/** Where the brace ends that a text begins with, braces within counted. */
function closing(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "{") depth++;
    if (text[i] === "}" && --depth === 0) return i;
  }
  return -1;
}

const variableIn = (name: string, variables: Variables): Interpolated =>
  Object.hasOwn(variables, name) ? { text: variables[name]!, unset: [], used: [name] } : { text: "", unset: [name], used: [name] };

/** What stands for `NAME`, `NAME:-default`, `NAME?message` or `NAME+alternative`. */
function substituted(expression: string, variables: Variables): Interpolated {
  const name = NAME.exec(expression)?.[0];
  const rest = expression.slice(name?.length ?? 0);
  const [, colon, kind, other = ""] = /^(:?)([-?+])(.*)$/s.exec(rest) ?? [];
  if (name === undefined || (kind === undefined && rest !== "")) return { text: `\${${expression}}`, unset: [], used: [] };
  const value = variableIn(name, variables);
  const isSet = value.unset.length === 0 && (colon !== ":" || value.text !== "");
  if (kind === "+") return isSet ? interpolate(other, variables) : { text: "", unset: [], used: [] };
  if (isSet || kind === undefined) return value;
  if (kind === "?") return { text: "", unset: [name], used: [name] };
  const { text, unset, used } = interpolate(other, variables);
  return { text, unset, used: [name, ...used] };
}

const LINE = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*(?:=[ \t]*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\n]*)))?/gm;
const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t" };

/** The variables of a `.env` or `env_file`, in which later ones may use earlier ones. */
export function readVariables(text: string, before: Variables = {}): Record<string, string> {
  const all: Record<string, string> = { ...before };
  const own: Record<string, string> = {};
  for (const [line, name, double, single, bare] of text.replaceAll("\r\n", "\n").matchAll(LINE)) {
    if (!line.includes("=")) {
      if (Object.hasOwn(before, name!)) own[name!] = before[name!]!;
      continue;
    }
    const unquoted = double?.replace(/\\(.)/g, (all, letter: string) => ESCAPES[letter] ?? (letter === "$" ? all : letter));
    const plain = (unquoted ?? bare?.replace(/(^|\s)#.*$/, "").trim() ?? "").replaceAll("\\$", "$$$$");
    own[name!] = all[name!] = single ?? interpolate(plain, all).text;
  }
  return own;
}
