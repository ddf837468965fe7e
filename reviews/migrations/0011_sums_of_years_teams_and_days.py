"""Sums by day, year and team beside those by month; all of them are counted anew by the next runs."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0010_monthly_reports'),
        ('teams', '0006_profiles_grow_by_proposals'),
    ]

    operations = [
        migrations.DeleteModel(name='MetricRollup'),
        migrations.DeleteModel(name='MetricMonth'),
        migrations.CreateModel(
            name='MetricMonth',
            fields=[
                ('month', models.DateField(primary_key=True, serialize=False)),
                ('refreshed_at', models.DateTimeField(db_index=True)),
                ('last_entry', models.BigIntegerField()),
                ('has_days', models.BooleanField(default=False)),
                ('owners', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='MetricYear',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('added_at', models.DateTimeField()),
                ('is_current', models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name='MetricRollup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=10)),
                ('priority', models.CharField(blank=True, max_length=2)),
                ('measure', models.CharField(max_length=32)),
                ('audience', models.CharField(blank=True, max_length=50)),
                ('n', models.PositiveIntegerField()),
                ('hits', models.PositiveIntegerField()),
                ('invalid', models.PositiveIntegerField()),
                ('classes', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None)),
                ('counts', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ('service', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='teams.service')),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='teams.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('period', 'service', 'team', 'priority', 'measure', 'audience'), name='one_rollup_of_a_measure', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('hits__lte', models.F('n')), ('invalid__lte', models.F('n'))), name='rollup_counts_agree')],
            },
        ),
    ]
