import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { missing, type Reason } from "./left-out";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** Why no page can be opened here; undefined where one can. */
export const whyNoBrowser: Reason | undefined = executablePath === undefined ? missing("there is no Chromium in /usr/bin") : undefined;

/** Starts a browser for `use`, and closes it. */
export async function withBrowser(use: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
}
