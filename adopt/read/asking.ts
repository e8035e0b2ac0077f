// Asking AWS for what the caller may not be permitted to see: what is refused is said, and what depends on it is left.
import { isAccessDenied } from "../../tool/errors";

export class Asking {
  /** Actions that were refused. */
  readonly denied = new Set<string>();

  /** The answer; undefined where it is refused. */
  async about<T>(action: string, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call();
    } catch (error) {
      if (!isAccessDenied(error)) throw error;
      this.denied.add(action);
      return undefined;
    }
  }
}

/** The items of all pages. */
export async function paged<P, T>(pages: AsyncIterable<P>, items: (page: P) => T[] | undefined): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...(items(page) ?? []));
  return all;
}
