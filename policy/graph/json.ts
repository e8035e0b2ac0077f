import { SECRET } from "../../facts/graph";
import { guarded, type Owner } from "../../facts/unknown";
import { undecidable } from "./undecided";

/** A document that an input holds as JSON text or, in some programs, as an object. `path` says where it stands, should a value in it be unknown. */
export function parseJson(document: unknown, path = "", owner?: Owner): unknown {
  if (typeof document !== "string") return document;
  if (document === SECRET) undecidable("the document is a secret");
  let parsed: unknown;
  try {
    parsed = JSON.parse(document);
  } catch {
    return undecidable("the document is not JSON");
  }
  return guarded(parsed, owner, path);
}
