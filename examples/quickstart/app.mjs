// An app: sends one event, prints the answer as it streams in, and ends.
// RELAY_APP_TOKEN=rlk_… node app.mjs [agent id] [text]     (RELAY_URL is ws://localhost:4000 unless set)
import WebSocket from 'ws';

const { RELAY_URL = 'ws://localhost:4000', RELAY_APP_TOKEN } = process.env;
const [agent_id = 'athena', text = 'What is Relay?'] = process.argv.slice(2);
if (!RELAY_APP_TOKEN) throw new Error('Set RELAY_APP_TOKEN to the token shown when the app was registered.');

const socket = new WebSocket(`${RELAY_URL}/v1/ws/app`, {
  headers: { authorization: `Bearer ${RELAY_APP_TOKEN}` },
});
let tokens = 0;

function end(line, exitCode) {
  console.log(line);
  process.exitCode = exitCode;
  socket.close(1000);
}

socket.on('open', () => {
  socket.send(JSON.stringify({ type: 'event', agent_id, thread_id: 'quickstart', payload: { text } }));
});
socket.on('message', (data) => {
  const message = JSON.parse(data.toString());
  // Committed: from here on the event survives whatever happens to app, agent and Relay.
  if (message.type === 'accepted') console.log(`Accepted as ${message.event_id}; waiting for ${agent_id}.`);
  if (message.type === 'token') {
    tokens += 1;
    process.stdout.write(message.token);
  }
  if (message.type === 'reply') end(`\nDelivered: ${tokens} tokens, then the whole reply.`, 0);
  if (message.type === 'error') end(`${message.code}: ${message.error}`, 1);
});
socket.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
