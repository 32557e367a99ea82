// Registers an app and prints what failed lately, with types made of schema.graphql: a misspelt field does not compile.
// RELAY_KEY=rlo_… node examples/typed/provision.ts <app-id> [name]     (RELAY_URL is http://localhost:4000 unless set)
// After a change of operations.graphql: npm run codegen.
import { GraphQLClient } from 'graphql-request';
import { LatestDocument, OrganizationDocument, RegisterAppDocument } from './generated/graphql.ts';
import type { RegisterAppMutation } from './generated/graphql.ts';

const { RELAY_URL = 'http://localhost:4000', RELAY_KEY = '' } = process.env;
const client = new GraphQLClient(`${RELAY_URL}/graphql`, {
  headers: { Authorization: `Bearer ${RELAY_KEY}` },
});

/** The token of a new app. Expected refusals are data: every one of them has a message. */
function tokenOf(result: RegisterAppMutation['registerApp']): string {
  switch (result.__typename) {
    case 'RegisterAppSuccess':
      return result.token;
    case 'IdTakenError':
      throw new Error(`${result.message} Free: ${result.suggestion}.`);
    case 'ValidationError':
      throw new Error(result.fields.map(({ field, message }) => `${field}: ${message}`).join(' '));
    default:
      throw new Error(result.message);
  }
}

async function main([appId, name = appId]: string[]): Promise<void> {
  if (appId === undefined || name === undefined) throw new Error('Usage: provision.ts <app-id> [name]');
  const { viewer } = await client.request(OrganizationDocument);
  const organization = viewer?.organizations[0];
  if (!organization) throw new Error('This key belongs to no organization.');
  const input = { organizationId: organization.id, appId, name };
  const { registerApp } = await client.request(RegisterAppDocument, { input });
  console.log(tokenOf(registerApp));
  const failed = { slug: organization.slug, status: ['FAILED' as const] };
  const { organization: found } = await client.request(LatestDocument, failed);
  for (const { node } of found?.events.edges ?? [])
    console.error(`${node.eventId} of ${node.app.appId} failed`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
