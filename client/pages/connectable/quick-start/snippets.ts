/** What a quick start is written for. */
export interface Target {
  /** Where the dashboard is: `http://localhost:4000`. */
  origin: string;
  appId: string;
  /** An agent that answers. */
  agentId: string;
}

export interface Snippet {
  name: string;
  /** What it does and needs, before the code. */
  lead: string;
  code: string;
}

const door = (origin: string): string => `${origin.replace(/^http/, 'ws')}/v1/ws/app`;
const frame = (agentId: string): string =>
  `{"type":"event","agent_id":"${agentId}","thread_id":"first","payload":{"text":"Hello"}}`;

const exported = ({ appId }: Target): string => `export RELAY_APP_TOKEN=rlk_${appId}_…`;

// A WebSocket's opening handshake by hand: the answer's first line says whether the token is taken. The key is any 16
// bytes in Base64.
const curl = (target: Target): Snippet => ({
  name: 'curl',
  lead: 'Is the token accepted? 101 is yes, 401 is no, 403 means that the app is deactivated.',
  code: `curl -si --http1.1 --max-time 2 ${target.origin}/v1/ws/app \\
  -H "Authorization: Bearer $RELAY_APP_TOKEN" \\
  -H 'Connection: Upgrade' -H 'Upgrade: websocket' \\
  -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: cmVsYXktcXVpY2tzdGFydA==' | head -n 1`,
});

const wscat = (target: Target): Snippet => ({
  name: 'wscat',
  lead: 'Sends one event and prints what comes back for five seconds. Nothing to install but Node.',
  code: `npx wscat -c ${door(target.origin)} -H "Authorization: Bearer $RELAY_APP_TOKEN" -w 5 \\
  -x '${frame(target.agentId)}'`,
});

const node = (target: Target): Snippet => ({
  name: 'Node',
  lead: 'npm install ws, save it as app.mjs, then: node app.mjs',
  code: `import WebSocket from 'ws';

const socket = new WebSocket('${door(target.origin)}', {
  headers: { authorization: \`Bearer \${process.env.RELAY_APP_TOKEN}\` },
});

socket.on('open', () => {
  const payload = { text: 'Hello' };
  socket.send(JSON.stringify({ type: 'event', agent_id: '${target.agentId}', thread_id: 'first', payload }));
});

socket.on('message', (data) => {
  const message = JSON.parse(data);
  if (message.type === 'token') process.stdout.write(message.token);
  else console.log(message);
  if (message.type === 'reply' || message.type === 'error') socket.close();
});

socket.on('error', (error) => console.error(error.message));
`,
});

const python = (target: Target): Snippet => ({
  name: 'Python',
  lead: 'pip install websocket-client, save it as app.py, then: python3 app.py',
  code: `import json
import os

import websocket

socket = websocket.create_connection(
    "${door(target.origin)}",
    header=[f"Authorization: Bearer {os.environ['RELAY_APP_TOKEN']}"],
)
event = {"type": "event", "agent_id": "${target.agentId}", "thread_id": "first", "payload": {"text": "Hello"}}
socket.send(json.dumps(event))

while True:
    message = json.loads(socket.recv())
    if message["type"] == "token":
        print(message["token"], end="", flush=True)
    else:
        print(message)
    if message["type"] in ("reply", "error"):
        break

socket.close()
`,
});

/** The shell's own line before any of them. */
export const tokenLine = exported;

/** The first event of an app, in several tongues. Each runs as printed, which the tests see to. */
export const snippets = (target: Target): Snippet[] => [
  wscat(target),
  curl(target),
  node(target),
  python(target),
];
