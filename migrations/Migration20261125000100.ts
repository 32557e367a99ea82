import { Migration } from '@mikro-orm/migrations';

/** Tells which of several connections does the work. */
export class Migration20261125000100 extends Migration {
  override up(): void {
    this.addSql(`alter table "connection" add "last_event_at" timestamptz(3) null`);
  }
}
