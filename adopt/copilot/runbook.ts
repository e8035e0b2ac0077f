import type { Context } from "../command";
import type { Ledger } from "../ledger";
import type { Step } from "../report";
import type { Workspace } from "./workspace";

export function runbook(_workspace: Workspace, _ledger: Ledger, _context: Context): Step[] {
  return [];
}
