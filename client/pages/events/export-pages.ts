import { direct } from '../../api/client.ts';
import type { ExportPage } from '../../api/export.ts';
import type { EventExportQueryVariables, EventFilter } from '../../api/generated/graphql.ts';
import { EventExportDocument } from '../../api/generated/graphql.ts';
import { problemText } from '../../api/problem.ts';
import type { ExportedEvent } from '../../format/event-export.ts';

const PAGE = 100;
/** Payloads and replies may be large. */
const PAGE_WITH_BODIES = 20;

/** Pages of the events that a filter shows, for exporting them. Throws with a sentence. */
export function eventPages(org: string, filter: EventFilter, bodies: boolean) {
  const first = bodies ? PAGE_WITH_BODIES : PAGE;
  return async (after: string | null): Promise<ExportPage<ExportedEvent>> => {
    const variables: EventExportQueryVariables = { org, filter, first, after, bodies };
    const { data, error } = await direct.query(EventExportDocument, variables).toPromise();
    const page = data?.organization?.events;
    if (!page) throw new Error(problemText(error));
    const { hasNextPage, endCursor } = page.pageInfo;
    return { rows: page.edges.map(({ node }) => node), next: hasNextPage ? (endCursor ?? null) : null };
  };
}
