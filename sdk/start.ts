// For the first line of a program, before it loads Pulumi's SDK: a preview then starts a sixth sooner, and more so with many resources.
import { deferLibraries } from "./defer";

deferLibraries();
(require("./lighten") as typeof import("./lighten")).lightenSdk();
