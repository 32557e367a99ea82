const { RELAY_URL = 'http://localhost:4000', RELAY_KEY } = process.env;

/** Runs one operation with the API key of RELAY_KEY. Throws when GraphQL answers with errors. */
export async function graphql(query, variables = {}) {
  if (!RELAY_KEY) throw new Error('Set RELAY_KEY to an API key (rlo_…).');
  const response = await fetch(`${RELAY_URL}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${RELAY_KEY}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors.map((error) => error.message).join('; '));
  return data;
}
