import type { Peer } from './peer.ts';

const NOBODY: readonly Peer[] = [];

/** Connections by an event that concerns them: mostly one, and one more for each that sent it again under its key. */
export class PeersByEvent {
  private readonly peers = new Map<string, readonly Peer[]>();

  /** The latest one last. */
  of(eventId: string): readonly Peer[] {
    return this.peers.get(eventId) ?? NOBODY;
  }

  has(eventId: string): boolean {
    return this.peers.has(eventId);
  }

  add(eventId: string, peer: Peer): void {
    this.peers.set(eventId, [...this.others(eventId, peer), peer]);
  }

  remove(eventId: string, peer: Peer): void {
    const others = this.others(eventId, peer);
    if (others.length > 0) this.peers.set(eventId, others);
    else this.peers.delete(eventId);
  }

  private others(eventId: string, peer: Peer): readonly Peer[] {
    return this.of(eventId).filter((other) => other !== peer);
  }
}
