import { Migration } from '@mikro-orm/migrations';

/** Rollups summed up for charts; see `broker/tallies.ts`, which fills it from what is there. */
export class Migration20261124000000 extends Migration {
  override up(): void {
    this.addSql(
      `create table "tally" ("organization_id" uuid not null, "app_id" uuid not null, "agent_id" uuid not null, "at" timestamptz(0) not null, "status" text not null, "bucket" smallint not null, "count" int not null, primary key ("organization_id", "app_id", "agent_id", "at", "status", "bucket"))`,
    );
    this.addSql(
      `alter table "tally" add constraint "tally_status_check" check ("status" in ('delivered', 'failed', 'rejected'))`,
    );
  }
}
