import { Migration } from '@mikro-orm/migrations';

/** Keys made before there were scopes keep what they could do. Contents can be deleted without their events. */
export class Migration20261125000000 extends Migration {
  override up(): void {
    this.addSql(`alter table "api_key" add column "scopes" text[] not null default '{read,manage}'`);
    this.addSql(`alter table "event" add column "content_deleted_at" timestamptz(3) null`);
    this.addSql(
      `alter table "app" add column "contents_unwanted_at" timestamptz(3) null, add column "contents_deleted_at" timestamptz(3) null`,
    );
  }
}
