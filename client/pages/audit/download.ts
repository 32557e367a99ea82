import { direct } from '../../api/client.ts';
import type { AuditFilter, AuditRowFragment } from '../../api/generated/graphql.ts';
import { AuditLogDocument } from '../../api/generated/graphql.ts';
import { problemText } from '../../api/problem.ts';
import { toCsv, toNdjson } from '../../format/audit.ts';

/** More than a browser should hold at once; narrowed by time, the rest can be had as well. */
const MOST = 50_000;
const PAGE = 100;

export type Format = 'csv' | 'ndjson';

const formats = {
  csv: { type: 'text/csv;charset=utf-8', write: toCsv },
  ndjson: { type: 'application/x-ndjson', write: toNdjson },
} as const;

async function everything(
  org: string,
  filter: AuditFilter,
): Promise<{ entries: AuditRowFragment[]; whole: boolean }> {
  const entries: AuditRowFragment[] = [];
  let after: string | null = null;
  while (entries.length < MOST) {
    const variables: { org: string; filter: AuditFilter; first: number; after: string | null } = {
      org,
      filter,
      first: PAGE,
      after,
    };
    const { data, error } = await direct.query(AuditLogDocument, variables).toPromise();
    const page = data?.organization?.auditLog;
    if (!page) throw new Error(problemText(error));
    entries.push(...page.edges.map(({ node }) => node));
    if (!page.pageInfo.hasNextPage) return { entries, whole: true };
    after = page.pageInfo.endCursor ?? null;
  }
  return { entries, whole: false };
}

/** Saves what the filter shows as a file. Resolves to a remark where there is one to make; throws with a sentence. */
export async function download(
  org: string,
  filter: AuditFilter,
  format: Format,
): Promise<string | undefined> {
  const { entries, whole } = await everything(org, filter);
  const { type, write } = formats[format];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([write(entries)], { type }));
  link.download = `${org}-audit-log.${format}`;
  link.click();
  URL.revokeObjectURL(link.href);
  if (whole) return undefined;
  return `The file has the newest ${MOST.toLocaleString('en-US')} entries. Narrow the time to get older ones.`;
}
