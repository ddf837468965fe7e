from django.db import migrations


class Migration(migrations.Migration):
    """The table of Django's database cache, so that `migrate` is all that a deployment runs."""

    dependencies = [("mim_portal", "0002_relations")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE shared_cache (
                cache_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
            );
            CREATE INDEX shared_cache_expires ON shared_cache (expires);
            """,
            "DROP TABLE shared_cache",
        )
    ]
