// A template of CloudFormation of which nothing is deleted with its stack: what Copilot made stays, and its custom resources delete and change nothing more.
import { readFileSync } from "node:fs";
import { isMap, isScalar, LineCounter, parseDocument, Scalar, YAMLMap } from "yaml";
import { UserError } from "../../facts/errors";
import { abbreviated } from "../../tool/text";

/** A resource that is nothing: with it CloudFormation takes the new policies, because a template with another resource is a change in any case. */
const MARK = "BerthRetained";

/** Reads a template as text, whose scalars stay as they are written: an account's id may begin with 0. */
function read(text: string, file: string) {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: "failsafe", logLevel: "silent", prettyErrors: false, lineCounter: lines });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new UserError(`${file}, line ${line}, column ${col}: ${error.message.replace(/\.$/, "")}. Save the template again.`);
  }
  const resources = document.get("Resources");
  if (!isMap(resources))
    throw new UserError(`${file} is no template: it has no Resources. Save what aws cloudformation get-template prints.`);
  const all = resources.items.flatMap(({ key, value }): [string, YAMLMap][] =>
    isScalar(key) && isMap(value) ? [[String(key.value), value as YAMLMap]] : [],
  );
  return { document, resources, all };
}

/** The template with `DeletionPolicy: Retain` on each resource. */
export function retained(text: string, file: string): string {
  const { document, resources, all } = read(text, file);
  for (const [, resource] of all) resource.set("DeletionPolicy", "Retain");
  const mark = new YAMLMap();
  mark.set(new Scalar("Type"), "AWS::CloudFormation::WaitConditionHandle");
  mark.set(new Scalar("DeletionPolicy"), "Retain");
  resources.set(MARK, mark);
  return document.toString({ lineWidth: 0 });
}

/** How many resources a template has, and which would be deleted with its stack. */
export function fateIn(text: string, file: string): { count: number; gone: string[] } {
  const { all } = read(text, file);
  return { count: all.length, gone: all.filter(([, resource]) => resource.get("DeletionPolicy") !== "Retain").map(([id]) => id) };
}

/** The resources of a template that would be deleted with its stack. */
export const deletedWith = (text: string, file: string): string[] => fateIn(text, file).gone;

/** `berth adopt retain` */
export function retain(template: string, { check }: { check?: boolean }): string {
  const file = template === "-" ? "stdin" : template;
  const text = readText(template);
  if (!check) return retained(text, file);
  const gone = deletedWith(text, file);
  if (gone.length === 0) return "";
  throw new UserError(`${abbreviated(gone)} would be deleted with the stack.`, [
    "Deploy the template that berth adopt retain prints, before you delete the stack.",
  ]);
}

function readText(template: string): string {
  try {
    return readFileSync(template === "-" ? 0 : template, "utf8");
  } catch (error) {
    throw new UserError(`${template} cannot be read: ${(error as Error).message}`);
  }
}
