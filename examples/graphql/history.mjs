// Prints the newest events of the organisation, page by page.
// RELAY_KEY=rlo_… node history.mjs [how many]     (RELAY_URL is http://localhost:4000 unless set)
import { graphql } from './graphql.mjs';

const PAGE = 50;
let left = Number(process.argv[2] ?? 20);
let after = null;

while (left > 0) {
  const { viewer } = await graphql(
    `
      query ($first: Int!, $after: String) {
        viewer {
          organizations {
            events(first: $first, after: $after) {
              edges {
                node {
                  eventId
                  agentId
                  threadId
                  status
                  latencyMs
                  acceptedAt
                  app {
                    appId
                  }
                  error {
                    code
                  }
                }
              }
              pageInfo {
                hasNextPage
                endCursor
              }
            }
          }
        }
      }
    `,
    { first: Math.min(left, PAGE), after },
  );
  const { edges, pageInfo } = viewer.organizations[0].events;
  for (const { node } of edges) {
    const outcome = node.error?.code ?? (node.latencyMs === null ? '' : `${node.latencyMs} ms`);
    console.log(
      [node.acceptedAt, node.eventId, node.app.appId, node.agentId, node.threadId, node.status, outcome].join(
        '  ',
      ),
    );
  }
  left = pageInfo.hasNextPage ? left - edges.length : 0;
  after = pageInfo.endCursor;
}
