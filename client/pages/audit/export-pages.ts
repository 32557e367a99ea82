import { direct } from '../../api/client.ts';
import type { ExportPage } from '../../api/export.ts';
import type { AuditFilter, AuditLogQueryVariables, AuditRowFragment } from '../../api/generated/graphql.ts';
import { AuditLogDocument } from '../../api/generated/graphql.ts';
import { problemText } from '../../api/problem.ts';

const PAGE = 100;

/** Pages of the entries that a filter shows, for exporting them. Throws with a sentence. */
export function auditPages(org: string, filter: AuditFilter) {
  return async (after: string | null): Promise<ExportPage<AuditRowFragment>> => {
    const variables: AuditLogQueryVariables = { org, filter, first: PAGE, after };
    const { data, error } = await direct.query(AuditLogDocument, variables).toPromise();
    const page = data?.organization?.auditLog;
    if (!page) throw new Error(problemText(error));
    const { hasNextPage, endCursor } = page.pageInfo;
    return { rows: page.edges.map(({ node }) => node), next: hasNextPage ? (endCursor ?? null) : null };
  };
}
