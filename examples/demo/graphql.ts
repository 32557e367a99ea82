interface Failure {
  message: string;
  extensions?: { code?: string };
}

/** Calls the GraphQL API of a Relay with an API key. Throws with the error's code on anything but data. */
export async function graphql<T>(
  url: string,
  key: string,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<T> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as { data?: T; errors?: Failure[] };
  if (body.errors || !body.data) {
    const [first] = body.errors ?? [];
    throw new Error(first?.extensions?.code ?? first?.message ?? `HTTP ${response.status}`);
  }
  return body.data;
}

/** Runs one mutation; expected failures are members of its result union and become errors here. */
export async function mutate<T>(
  url: string,
  key: string,
  name: string,
  input: Record<string, unknown>,
  selection: string,
): Promise<T> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}`;
  const query = `mutation ($input: ${type}Input!) {
    ${name}(input: $input) { __typename ... on ${type}Success { ${selection} } ... on Error { message } }
  }`;
  const data = await graphql<Record<string, T & { __typename: string; message?: string }>>(url, key, query, {
    input,
  });
  const result = data[name];
  if (result?.__typename !== `${type}Success`) throw new Error(`${name}: ${result?.message}`);
  return result;
}
