import { SECRET } from "../../facts/graph";
import { undecidable } from "./graph";
import { guarded } from "./recorded";

/** A document that an input holds as JSON text or, in some programs, as an object. */
export function parseJson(document: unknown): unknown {
  if (typeof document !== "string") return document;
  if (document === SECRET) undecidable("the document is a secret");
  try {
    return guarded(JSON.parse(document));
  } catch {
    return undecidable("the document is not JSON");
  }
}
