// What a stack file says of who is told, and of the alarms that tell.
import { alarms, type StackAlarms } from "../components/alarms/arguments";
import { type NotificationsArgs, notifications, notificationsRules } from "../components/alarms/notifications";
import { ORIGIN } from "../components/base/origin";
import { type ArgumentsOf, flagOr, type Givens, group, optional, plain, type Rule } from "../components/base/schema";
import { from } from "./places";
import { OF_THE_STACK } from "./service";
import { listed, type OfServices, placeOf } from "./services";

const ofNotify = plain(notifications, OF_THE_STACK);
const ofStack = plain(alarms, OF_THE_STACK);

/** Who is told, in a stack file. */
export interface NotifySettings extends Pick<NotificationsArgs, keyof typeof ofNotify> {}

/** The keys of a stack file that say who is told of what. */
export const ofAlarms = {
  notify: optional(group(ofNotify satisfies ArgumentsOf<NotifySettings>, ...notificationsRules)),
  alarms: optional(flagOr(group(ofStack satisfies ArgumentsOf<StackAlarms>))),
};
export type OfAlarms = typeof ofAlarms;

type Given = Givens<OfAlarms & OfServices>;

/** Whether there are alarms: where somebody is told, unless they are off. */
const hasAlarms = ({ notify, alarms = notify !== undefined }: Given) => alarms !== false;

export const alarmsRules: Rule<OfAlarms & OfServices>[] = [
  {
    about: ["notify", "alarms", "service", "services"],
    at: "alarms",
    complain: (_, given) =>
      hasAlarms(given)
        ? undefined
        : listed(given)
            .filter((one) => typeof one.given.alarms === "object")
            .map((one) => ({
              at: [...placeOf(one), "alarms"].join("."),
              text: "the stack has no alarms; give it notify (or alarms: true), or leave it out.",
            })),
  },
];

/** Who is told and what of, as components take it. */
export const alarmsOf = (given: Given) => ({
  notify: given.notify && { ...given.notify, [ORIGIN]: from("notify") },
  alarms: hasAlarms(given) ? { ...(typeof given.alarms === "object" && given.alarms), [ORIGIN]: from("alarms") } : undefined,
});
