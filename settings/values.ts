// Values that several groups of settings have: ranges, names, ARNs, days, tags.
import * as v from "valibot";
import { isCidr } from "../facts/cidr";
import { domainComplaint } from "../facts/domain";
import { map, oneOfNumbers, scalar, text } from "./checks";

/** Every setting may be left out. */
export const o = v.optional;

const LOG_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];
/** Days that CloudWatch can keep logs. */
export const days = () => oneOfNumbers(LOG_DAYS, "days");
export const cidr = (given: string) =>
  isCidr(given) ? undefined : `${JSON.stringify(given)} is not an IPv4 range; write one like "10.0.0.0/16".`;
export const domain = () => text(domainComplaint);
export const pattern = (regex: RegExp, what: string, example: string) =>
  text((given) => (regex.test(given) ? undefined : `${JSON.stringify(given)} is not ${what}; write one like "${example}".`));
export const arn = (service: string, example: string) => pattern(new RegExp(`^arn:[a-z-]+:${service}:`), "an ARN of that kind", example);
export const variable = (name: string) =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? undefined
    : `${JSON.stringify(name)} is not a name for an environment variable; allowed are letters, digits and "_".`;
export const firstOf = (values: Record<string, string>, complain: (name: string, value: string) => string | undefined) =>
  Object.entries(values)
    .map(([name, value]) => complain(name, value))
    .find((complaint) => complaint !== undefined);
export const complaintOf = (check: () => unknown) => {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^[^:]+: /, "");
  }
};

export const tags = map(
  scalar((value) => (value.length <= 256 ? undefined : `the value has ${value.length} characters; AWS takes 256.`)),
  (key) =>
    key.length > 128
      ? `the tag ${JSON.stringify(`${key.slice(0, 20)}…`)} has ${key.length} characters; AWS takes 128.`
      : key.toLowerCase().startsWith("aws:")
        ? `the tag ${JSON.stringify(key)} begins with "aws:", which AWS keeps for itself.`
        : undefined,
);
