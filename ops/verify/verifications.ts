import { capacity } from "./capacity";
import { certificates } from "./certificates";
import { deployer } from "./deployer";
import { dns } from "./dns";
import { images } from "./images";
import { listeners } from "./listeners";
import { quotas } from "./quotas";
import { roles } from "./roles";
import { secrets } from "./secrets";
import { subnets } from "./subnets";
import type { Verification } from "./verification";

/** All of them, in the order of the report. */
export const VERIFICATIONS: readonly Verification[] = [
  secrets,
  images,
  roles,
  subnets,
  capacity,
  quotas,
  certificates,
  dns,
  listeners,
  deployer,
];
