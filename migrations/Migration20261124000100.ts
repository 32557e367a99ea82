import { Migration } from '@mikro-orm/migrations';

/** What went wrong is found without reading what did not. */
export class Migration20261124000100 extends Migration {
  override up(): void {
    this.addSql(
      `create index "event_error_index" on "event" ("organization_id", "id", "agent_id", "app_id", "status", "error_code") where error_code is not null`,
    );
  }
}
