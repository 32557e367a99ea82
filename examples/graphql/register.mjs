// Registers an app or an agent and prints its token: the only time that Relay shows it.
// RELAY_KEY=rlo_… node register.mjs app|agent <id> [name]     (RELAY_URL is http://localhost:4000 unless set)
import { graphql } from './graphql.mjs';

const [kind, id, name = id] = process.argv.slice(2);
if (!['app', 'agent'].includes(kind) || !id)
  throw new Error('Usage: node register.mjs app|agent <id> [name]');

// An expected failure is data with a type of its own, not an error of the request.
const selection = '{ __typename ... on Error { message } ... on IdTakenError { suggestion }';
const mutations = {
  app: `mutation ($input: RegisterAppInput!) {
    result: registerApp(input: $input) ${selection} ... on RegisterAppSuccess { token } }
  }`,
  agent: `mutation ($input: RegisterAgentInput!) {
    result: registerAgent(input: $input) ${selection} ... on RegisterAgentSuccess { token } }
  }`,
};

const { viewer } = await graphql('{ viewer { organizations { id } } }');
const organizationId = viewer.organizations[0].id;
const input = { organizationId, name, [kind === 'app' ? 'appId' : 'agentId']: id };
const { result } = await graphql(mutations[kind], { input });

if (result.token) {
  console.log(result.token);
} else {
  console.error(`${result.__typename}: ${result.message}`);
  process.exitCode = 1;
}
