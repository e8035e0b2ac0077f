import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import { PlanError } from "./errors";

/** A YAML file whose top level is a map; anything else is an error that names the place. */
export function readYamlMap(path: string): Document.Parsed {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, "utf8"), { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new PlanError(`${basename(path)}, line ${line}, column ${col}: ${error.message.replace(/\.$/, "")}. Correct the YAML there.`);
  }
  if (document.contents !== null && !isMap(document.contents)) {
    throw new PlanError(`${basename(path)} must be a map of keys and values, and its top level is something else.`);
  }
  return document;
}

/** The map under a key as [key, node] pairs; nothing where the key is absent or empty. */
export function entriesOf(document: Document.Parsed, key: string, file: string): [string, Node | null][] {
  const node = document.get(key, true) as Node | undefined | null;
  if (node === undefined || node === null || (isScalar(node) && node.value === null)) return [];
  if (!isMap(node)) throw new PlanError(`${file}: "${key}" must be a map of keys and values.`);
  return node.items.map((pair) => [String(isScalar(pair.key) ? pair.key.value : pair.key), pair.value as Node | null]);
}

/** The text of a scalar as it stands in the file: Pulumi keeps `1.0`, `010` and `yes` as they were written. */
export function scalarText(node: Node | null): string | undefined {
  if (node === null) return "";
  if (!isScalar(node)) return undefined;
  if (node.value === null) return "";
  return typeof node.value === "string" ? node.value : node.source;
}
