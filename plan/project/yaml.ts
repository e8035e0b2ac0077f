import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from "yaml";
import { UserError } from "../../facts/errors";

/** More than any stack needs, and so little that whatever stands in it is read or refused at once. */
const LARGEST = 512 * 1024;

/** A YAML file whose top level is a map; anything else is an error that names the place. */
export function readYamlMap(path: string): Document.Parsed {
  const lines = new LineCounter();
  const { size } = statSync(path);
  if (size > LARGEST) {
    throw new UserError(
      `${basename(path)} has ${size} bytes; settings of at most ${LARGEST} bytes are read: keep data in files of the app.`,
    );
  }
  const document = parse(readFileSync(path, "utf8"), lines, basename(path));
  const [error] = document.errors;
  if (error?.code === "RESOURCE_EXHAUSTION") throw tooDeep(basename(path));
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new UserError(`${basename(path)}, line ${line}, column ${col}: ${error.message.replace(/\.$/, "")}. Correct the YAML there.`);
  }
  if (document.contents !== null && !isMap(document.contents)) {
    throw new UserError(`${basename(path)} must be a map of keys and values, and its top level is something else.`);
  }
  return document;
}

/** The library compares each key with all before it, which takes minutes for a hundred thousand; hence the own look for keys given twice. */
function parse(text: string, lineCounter: LineCounter, file: string): Document.Parsed {
  try {
    const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false });
    visit(document, {
      Map(_, { items }) {
        const seen = new Set<unknown>();
        for (const { key } of items) {
          if (!isScalar(key)) continue;
          if (seen.has(key.value)) {
            const { line, col } = lineCounter.linePos(key.range?.[0] ?? 0);
            throw new UserError(`${file}, line ${line}, column ${col}: Map keys must be unique. Correct the YAML there.`);
          }
          seen.add(key.value);
        }
      },
    });
    // Aliases of aliases: the library counts what they would become, and refuses.
    if (document.errors.length === 0) document.toJS();
    return document;
  } catch (error) {
    if (error instanceof ReferenceError)
      throw new UserError(`${file}: its aliases (*) cannot be resolved: ${error.message}; write the values themselves.`);
    throw error instanceof RangeError ? tooDeep(file) : error;
  }
}

function tooDeep(file: string): UserError {
  return new UserError(`${file} is nested too deeply to be read: no setting is more than a few levels deep, so write it flatter.`);
}

/** The map under a key as [key, node] pairs; nothing where the key is absent or empty. */
export function entriesOf(document: Document.Parsed, key: string, file: string): [string, Node | null][] {
  const node = document.get(key, true) as Node | undefined | null;
  if (node === undefined || node === null || (isScalar(node) && node.value === null)) return [];
  if (!isMap(node)) throw new UserError(`${file}: "${key}" must be a map of keys and values.`);
  return node.items.map((pair) => [String(isScalar(pair.key) ? pair.key.value : pair.key), pair.value as Node | null]);
}

/** The text of a scalar as it stands in the file: Pulumi keeps `1.0`, `010` and `yes` as they were written. */
export function scalarText(node: Node | null): string | undefined {
  if (node === null) return "";
  if (!isScalar(node)) return undefined;
  if (node.value === null) return "";
  return typeof node.value === "string" ? node.value : node.source;
}
