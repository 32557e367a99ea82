import { Migration } from '@mikro-orm/migrations';

/** What an event was sent again as is found from the event itself; the few that send another one again are all it holds. */
export class Migration20261125000200 extends Migration {
  override up(): void {
    this.addSql(
      `create index "event_resend_index" on "event" ("resend_of", "id") where resend_of is not null`,
    );
  }
}
