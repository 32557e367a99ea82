import { spawnSync } from 'node:child_process';
import { closeSync, chmodSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect } from 'vitest';
import { Cluster } from './cluster.ts';
import { fault, notRun, passed, until } from './fault.ts';
import { clean } from './ledger.ts';
import { load } from './load.ts';
import { Site } from './site.ts';

const DISK_MB = 220;
const TITLE = 'a full disk: no `accepted`, a clear answer, and on when there is room';

const disk = mkdtempSync(join(tmpdir(), 'relay-faults-disk-'));
const mounted =
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=0755`, 'tmpfs', disk]).status === 0;
if (!mounted) rmSync(disk, { recursive: true, force: true });

describe.runIf(mounted)('a small disk', () => {
  const site = new Site();
  beforeEach(async () => {
    chmodSync(disk, 0o755);
    // PostgreSQL's write-ahead log must not outgrow the disk by itself.
    site.cluster = await Cluster.create({ max_wal_size: '64MB', min_wal_size: '32MB' }, disk);
    await site.open({});
    await site.start();
  });
  afterEach(() => site.close());
  afterAll(async () => {
    await site.cluster.destroy(false);
    spawnSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  fault('F8', TITLE, async (figures) => {
    const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
    site.agent(answerer);
    const app = site.app(owner);
    const stop = load(app, answerer, { unanswered: 20, unsettled: 60, threads: 10 });
    await app.reached(20);
    const filler = join(disk, 'filler');
    fill(filler);
    await until('UNAVAILABLE', () => (app.codes.get('UNAVAILABLE') ?? 0) > 0, 120_000);
    const accepted = app.accepted.size;
    await passed(3_000);
    expect(app.accepted.size).toBe(accepted);
    expect(site.relay.child.exitCode).toBeNull();
    figures['accepted before it was full'] = accepted;
    rmSync(filler);
    const room = performance.now();
    // A PostgreSQL that ended itself for want of room is its supervisor's to start.
    await site.cluster.start();
    await until('an event to be accepted again', () => app.acceptedAt > room, 30_000);
    figures['serving again'] = `${Math.round(app.acceptedAt - room)} ms`;
    stop();
    await app.settled();
    await clean(site, figures);
    expect(app.outcomes.size).toBe(stop());
  });
});

if (!mounted) notRun('F8', TITLE, 'mounting a small disk needs root');

/** Writes until nothing more fits. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  const block = Buffer.alloc(64 * 1024);
  try {
    while (writeSync(file, block) === block.length);
    while (writeSync(file, block.subarray(0, 512)) > 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}
