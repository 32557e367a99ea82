import type { Snippet } from './snippet.ts';
import { authorization, door, nodeSocket, pythonSocket } from './snippet.ts';

/** What an agent's quick start is written for. */
export interface AgentTarget {
  /** Where the dashboard is: `http://localhost:4000`. */
  origin: string;
  agentId: string;
}

const line = (type: string, field: string, text: string): string =>
  `{"type":"${type}","event_id":"evt_…","${field}":"${text}"}`;

const wscat = (target: AgentTarget): Snippet => ({
  name: 'wscat',
  lead: 'Prints the events that come. Nothing to install but Node.',
  code: `npx wscat -c ${door(target.origin, 'agent')} ${authorization('agent')}`,
  then: {
    lead: 'Answer an event by hand: these lines, each with the event_id that was printed',
    code: [
      line('token', 'token', 'Hello'),
      line('token', 'token', ' from'),
      line('reply', 'content', `Hello from ${target.agentId}.`),
    ].join('\n'),
  },
});

const node = (target: AgentTarget): Snippet => ({
  name: 'Node',
  lead: 'npm install ws, save it as agent.mjs, then: node agent.mjs',
  code: `${nodeSocket(target.origin, 'agent')}
const send = (message) => socket.send(JSON.stringify(message));

function answer({ event_id, attempt, payload }) {
  console.log(event_id, payload);
  const words = ['Hello', ' from', ' ${target.agentId}', '.'];
  for (const token of words) send({ type: 'token', event_id, attempt, token });
  send({ type: 'reply', event_id, attempt, content: words.join('') });
}

socket.on('open', () => console.log('${target.agentId} is connected. Ctrl-C ends it.'));

socket.on('message', (data) => {
  const message = JSON.parse(data);
  if (message.type === 'ping') send({ type: 'pong' });
  if (message.type === 'event') answer(message);
});

socket.on('error', (error) => console.error(error.message));
`,
});

const python = (target: AgentTarget): Snippet => ({
  name: 'Python',
  lead: 'pip install websocket-client, save it as agent.py, then: python3 agent.py',
  code: `${pythonSocket(target.origin, 'agent')}
print("${target.agentId} is connected. Ctrl-C ends it.", flush=True)


def send(**message):
    socket.send(json.dumps(message))


def answer(event):
    about = {"event_id": event["event_id"], "attempt": event["attempt"]}
    print(event["event_id"], event["payload"], flush=True)
    words = ["Hello", " from", " ${target.agentId}", "."]
    for word in words:
        send(type="token", token=word, **about)
    send(type="reply", content="".join(words), **about)


while frame := socket.recv():
    message = json.loads(frame)
    if message["type"] == "ping":
        send(type="pong")
    if message["type"] == "event":
        answer(message)
`,
});

/** An agent's first answer, in several tongues: it connects, takes an event, streams tokens and replies. */
export const agentSnippets = (target: AgentTarget): Snippet[] => [
  wscat(target),
  node(target),
  python(target),
];
