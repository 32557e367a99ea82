import { cached } from '../../api/client.ts';
import type { AllowlistQuery } from '../../api/generated/graphql.ts';
import { AllowlistDocument } from '../../api/generated/graphql.ts';
import { createPages } from '../../api/pages.ts';
import { problemText } from '../../api/problem.ts';
import { everyWhileSeen } from '../../api/refresh.ts';

export type Entry = NonNullable<AllowlistQuery['agent']>['allowlist']['edges'][number]['node'];

const SHOWN = 50;
const PAGE = 100;
const REFRESH_MS = 10_000;

/** The apps on an agent's allowlist that are called like this, page by page. */
export function createAllowlist(agentId: () => string, search: () => string) {
  const list = createPages(
    AllowlistDocument,
    () => ({ id: agentId(), first: SHOWN, search: search() || null }),
    (data) => data.agent?.allowlist,
  );
  // Others may change it meanwhile.
  everyWhileSeen(REFRESH_MS, list.refresh);
  return list;
}

/** The ids of all apps on an agent's allowlist, however many, as they are now. Throws with a sentence for people. */
export async function wholeAllowlist(id: string): Promise<Set<string>> {
  const listed = new Set<string>();
  let after: string | null = null;
  do {
    const variables: { id: string; first: number; after: string | null } = { id, first: PAGE, after };
    const { data, error } = await cached
      .query(AllowlistDocument, variables, { requestPolicy: 'network-only' })
      .toPromise();
    const page = data?.agent?.allowlist;
    if (!page) throw new Error(problemText(error));
    for (const { node } of page.edges) listed.add(node.id);
    after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  return listed;
}
