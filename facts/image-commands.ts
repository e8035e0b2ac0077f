// The commands of an image: how they are written, what they ask, and whether a signal reaches the app.

/** A CMD, ENTRYPOINT or HEALTHCHECK: a list of words, or a line for a shell. */
export interface ImageCommand {
  form: "exec" | "shell";
  /** In the shell form one: the line. */
  words: string[];
}

/** What a health check asks over HTTP. */
export interface Probe {
  path: string;
  /** Absent where the check takes the port from `PORT`. */
  port?: number;
}

/** Arguments as Docker reads them: a JSON list of strings, or a line for a shell. */
export function commandOf(text: string): ImageCommand {
  const words = listOf(text);
  return words ? { form: "exec", words } : { form: "shell", words: [text] };
}

/** A JSON list of strings, or words with blanks between them: VOLUME, COPY. */
export const wordsOf = (text: string): string[] => listOf(text) ?? text.split(/\s+/).filter((word) => word !== "");

function listOf(text: string): string[] | undefined {
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a line for a shell was meant to be a list: `['node', 'server.js']` is no JSON. */
export const isBrokenList = ({ form, words }: ImageCommand) => form === "shell" && /^\[.*\]$/s.test(words[0]!);

/** Whether a shell stands between the init process and the app, which does not pass on SIGTERM. */
export const shellKeepsSignals = ({ form, words }: ImageCommand) => form === "shell" && !/^exec\s/.test(words[0]!);

const URL_OF_ITSELF =
  /\b(?:(https?):\/\/)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(?::(\d{1,5}|\$PORT|\$\{PORT(?::?-\d{1,5})?\}))?(\/[^\s"'`|;)>&\\]*)?(?=$|[\s"'`|;)>&\\])/g;
/** Options that make another request than the load balancer's. */
const SPECIAL = /(^|\s)(-X|--request|-d|--data\S*|-H|--header\S*|--post-\S+|--unix-socket|-u|--user)(\s|=|$)/;

/** The one path of its own that a health check asks for, with whatever program; undefined where that cannot be told. */
export function probeOf({ words }: ImageCommand): Probe | undefined {
  const line = words.join(" ");
  const client = /(^|[\s/;&|(])(curl|wget)\s/.test(line);
  const found = [...line.matchAll(URL_OF_ITSELF)].filter(([, scheme]) => scheme !== undefined || client);
  if (found.length !== 1 || SPECIAL.test(line)) return undefined;
  const [, scheme = "http", port, path = "/"] = found[0]!;
  // A path with a variable in it is known only in the container.
  if (scheme !== "http" || !/^\/[A-Za-z0-9_\-./~%?&=+]*$/.test(path)) return undefined;
  if (port?.startsWith("$")) return { path };
  return { path, port: port === undefined ? 80 : Number(port) };
}
