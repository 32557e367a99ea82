import type { Room } from '../harness/room.ts';
import type { Answer, Variables } from './api.ts';
import { post } from './api.ts';

/** One browser with its cookies. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly room: Room;
  /** What a proxy adds to all it sends. */
  readonly proxied: Record<string, string>;

  constructor(room: Room, proxied: Record<string, string> = {}) {
    this.room = room;
    this.proxied = proxied;
  }

  get headers(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return { ...this.proxied, ...(cookie ? { cookie } : {}) };
  }

  async ask(query: string, variables: Variables = {}): Promise<Answer> {
    const answer = await post(this.room, query, variables, this.headers);
    for (const header of answer.headers.getSetCookie()) {
      const [, name, value] = /^([\w-]+)=([^;]*)/.exec(header)!;
      if (value === '') this.cookies.delete(name!);
      else this.cookies.set(name!, value!);
    }
    return answer;
  }

  async request(email: string) {
    const query = `mutation R($email: String!) { requestLoginCode(input: { email: $email }) { __typename
      ... on RequestLoginCodeSuccess { email expiresAt } ... on RateLimitedError { retryAfterSeconds }
      ... on Error { message } } }`;
    return (await this.ask(query, { email })).data.requestLoginCode;
  }

  async verify(email: string, code: string) {
    const query = `mutation V($email: String!, $code: String!) {
      verifyLoginCode(input: { email: $email, code: $code }) { __typename
        ... on VerifyLoginCodeSuccess { viewer { user { email } } }
        ... on InvalidCodeError { attemptsLeft } ... on LockedError { until } } }`;
    const answer = await this.ask(query, { email, code });
    return { ...answer.data.verifyLoginCode, setCookies: answer.headers.getSetCookie() };
  }

  async viewer() {
    return (await this.ask('{ viewer { user { email } canCreateOrganization } }')).data.viewer;
  }
}
