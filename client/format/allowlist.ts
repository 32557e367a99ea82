/** What has to be allowed and disallowed to come from one list of ids to the other. */
export function allowlistChange(
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
): { allow: string[]; disallow: string[] } {
  return {
    allow: [...after].filter((id) => !before.has(id)),
    disallow: [...before].filter((id) => !after.has(id)),
  };
}

/** An empty list lets everybody through, so the first entry closes an agent and the last one's end opens it. */
export function allowlistEffect(before: number, after: number): 'opens' | 'closes' | null {
  if (before > 0 && after === 0) return 'opens';
  return before === 0 && after > 0 ? 'closes' : null;
}
