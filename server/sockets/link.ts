import type { Notice } from '../broker/links.ts';
import type { Connection } from './connection.ts';

/** What the broker may know and ask of any connection. An object for each with its methods shared: thousands are idle. */
export class SocketLink {
  protected readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  get id(): string {
    return this.connection.id;
  }

  get organizationId(): string {
    return this.connection.caller.organizationId;
  }

  get ownerId(): string {
    return this.connection.caller.ownerId;
  }

  get tokenId(): string {
    return this.connection.caller.tokenId;
  }

  get address(): string | null {
    return this.connection.caller.address;
  }

  get client(): string | null {
    return this.connection.caller.client;
  }

  get extended(): boolean {
    return this.connection.caller.extended;
  }

  get connectedAt(): number {
    return this.connection.connectedAt;
  }

  notice(notice: Notice): void {
    this.connection.notice(notice);
  }

  close(code: number, reason: string): void {
    this.connection.close(code, reason);
  }
}
