import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import 'graphiql/style.css';
import { createClient } from 'graphql-ws';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import './graphiql.css';

// The session cookie of the dashboard goes along by itself; scripts' keys can be put into the headers pane.
const socket = new URL('/graphql', window.location.href);
socket.protocol = socket.protocol === 'https:' ? 'wss:' : 'ws:';

const fetcher = createGraphiQLFetcher({
  url: '/graphql',
  wsClient: createClient({ url: socket.href, lazy: true }),
});

const defaultQuery = `# The API behind the dashboard. Sign in there first, or set a header:
# { "Authorization": "Bearer rlo_…" }
{
  viewer {
    __typename
  }
}
`;

const root = document.getElementById('graphiql');
if (root) createRoot(root).render(createElement(GraphiQL, { fetcher, defaultQuery }));
