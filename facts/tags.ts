// What AWS takes as tags. The strictest of its services decides, because a component's tags go to all that it makes. No Pulumi here.

const MOST_TAGS = 50;
/** Tags that every resource of a component has, whatever else the user wants. */
export const OWN_TAGS = ["Project", "Stack"];
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const WORDS = 'letters, digits, spaces and "+ - = . _ : / @"';

/** What is wrong with one tag; undefined if nothing is. */
export function tagComplaint(key: string, value: string): string | undefined {
  const name = JSON.stringify(key.length > 40 ? `${key.slice(0, 20)}…` : key);
  if (key === "") return "a tag has no name; give it one.";
  if (key.length > 128) return `the tag ${name} has ${key.length} characters; allowed: 128.`;
  if (key.toLowerCase().startsWith("aws:")) return `the tag ${name} begins with "aws:", which AWS keeps for itself.`;
  if (value.length > 256) return `the value has ${value.length} characters; allowed: 256.`;
  const wrong = [...key, ...value].find((character) => !CHARACTERS.test(character));
  return wrong === undefined ? undefined : `the character ${JSON.stringify(wrong)} is not possible in a tag; allowed: ${WORDS}.`;
}

/** What is wrong with tags together; undefined if nothing is. Some of AWS's services (IAM) know no difference between `team` and `Team`. */
export function tagsComplaint(tags: Record<string, unknown>): string | undefined {
  const keys = [...new Set([...OWN_TAGS, ...Object.keys(tags)])];
  if (keys.length > MOST_TAGS) return `there are ${keys.length} tags with ${OWN_TAGS.join(" and ")}; allowed: ${MOST_TAGS}.`;
  const twin = keys.find((key, i) => keys.findIndex((other) => other.toLowerCase() === key.toLowerCase()) < i);
  if (twin === undefined) return undefined;
  const first = keys.find((key) => key.toLowerCase() === twin.toLowerCase())!;
  return `${JSON.stringify(twin)} and ${JSON.stringify(first)} are one tag to IAM; leave out one of them.`;
}
