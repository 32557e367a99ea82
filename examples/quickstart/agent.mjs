// An agent: answers every event with 20 words, streamed one by one.
// RELAY_AGENT_TOKEN=rla_… node agent.mjs     (RELAY_URL is ws://localhost:4000 unless set)
import WebSocket from 'ws';

const { RELAY_URL = 'ws://localhost:4000', RELAY_AGENT_TOKEN } = process.env;
if (!RELAY_AGENT_TOKEN)
  throw new Error('Set RELAY_AGENT_TOKEN to the token shown when the agent was registered.');

const socket = new WebSocket(`${RELAY_URL}/v1/ws/agent`, {
  headers: { authorization: `Bearer ${RELAY_AGENT_TOKEN}` },
});
const send = (message) => socket.send(JSON.stringify(message));

const WORDS =
  'Hello from your first agent: these twenty words were streamed, one after the other, through Relay and into your app.'.split(
    ' ',
  );

async function answer({ event_id, attempt }) {
  for (const [index, word] of WORDS.entries()) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    send({ type: 'token', event_id, attempt, token: index === 0 ? word : ` ${word}` });
  }
  // The reply is the whole answer; Relay stores it, and tells the app that it is complete.
  send({
    type: 'reply',
    event_id,
    attempt,
    content: WORDS.join(' '),
    metadata: { tokens_used: WORDS.length },
  });
}

socket.on('open', () => console.log('The agent is connected. Ctrl-C ends it.'));
socket.on('message', (data) => {
  const message = JSON.parse(data.toString());
  if (message.type === 'ping') send({ type: 'pong' });
  if (message.type === 'event') {
    console.log(`Event ${message.event_id} from ${message.app_id}: ${JSON.stringify(message.payload)}`);
    void answer(message);
  }
});
socket.on('error', (error) => console.error(error.message));
socket.on('close', (code) => (process.exitCode = code === 1000 ? 0 : 1));
