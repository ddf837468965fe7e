from django.db import migrations


class Migration(migrations.Migration):
    """Whoever was told in the raising transaction must not be told again by the deliveries."""

    dependencies = [
        ('incidents', '0011_managers_are_told_by_the_deliveries'),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE incidents_candidate SET managers_told_at = raised_at WHERE raised_at IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    ]
