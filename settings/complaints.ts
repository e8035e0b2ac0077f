import { type Complaint, parse } from "../components/base/schema";
import { stack } from "./stack";

export type { Complaint };

/** What is wrong with the settings of a stack, each with its place; nothing where they may stand in a stack file. */
export const complaintsOf = (settings: Record<string, unknown>): Complaint[] => parse(stack, settings).complaints;

/** The keys of a stack file in the order of its documentation. */
export const KEYS: readonly string[] = Object.keys(stack.entries);
