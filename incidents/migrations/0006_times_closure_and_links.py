import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0005_roles_commitments_shift_handovers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IncidentLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("duplicate", "Duplicate of"),
                            ("child", "Part of"),
                            ("caused_by", "Caused by"),
                            ("recurrence", "Recurrence of"),
                        ],
                        max_length=10,
                    ),
                ),
                ("linked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="incident",
            name="detection_source",
            field=models.CharField(
                blank=True,
                choices=[
                    ("monitoring", "Monitoring"),
                    ("user", "A user"),
                    ("supplier", "A supplier"),
                    ("staff", "Own staff"),
                    ("social", "Social media"),
                    ("unknown", "Not known"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="recordedtime",
            name="reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="recordedtime",
            name="time_zone",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name="timelineentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("declared", "Declared"),
                    ("state_changed", "State changed"),
                    ("reopened", "Reopened"),
                    ("cancelled", "Cancelled"),
                    ("details_changed", "Details changed"),
                    ("priority_changed", "Priority changed"),
                    ("impact_stated", "Impact stated"),
                    ("impact_revised", "Impact revised"),
                    ("time_recorded", "Time recorded"),
                    ("command_started", "Manager accountable"),
                    ("handover_offered", "Handover offered"),
                    ("handover_accepted", "Handover accepted"),
                    ("handover_declined", "Handover declined"),
                    ("handover_withdrawn", "Handover withdrawn"),
                    ("takeover", "Command taken over"),
                    ("role_assigned", "Role assigned"),
                    ("role_ended", "Role ended"),
                    ("commitment_made", "Commitment made to a team"),
                    ("commitment_kept", "Commitment kept"),
                    ("engagement_asked", "Team asked"),
                    ("engagement_asked_again", "Team asked again"),
                    ("engagement_acknowledged", "Team acknowledged"),
                    ("engagement_joined", "Team joined"),
                    ("engagement_useful_action", "First useful action"),
                    ("engagement_released", "Team released"),
                    ("reassigned", "Reassigned"),
                    ("note", "Note"),
                    ("decision", "Decision"),
                    ("task_opened", "Task opened"),
                    ("task_done", "Task done"),
                    ("desk_report_added", "Desk report added"),
                    ("linked", "Linked"),
                    ("link_ended", "Link ended"),
                    ("closure_answered", "Closure checklist"),
                    ("update_published", "Update published"),
                    ("update_corrected", "Update corrected"),
                    ("update_withdrawn", "Update withdrawn"),
                    ("deadline_opened", "Update promised"),
                    ("deadline_warned", "Update due soon"),
                    ("deadline_missed", "Promised update late"),
                    ("deadline_kept", "Promise kept"),
                    ("deadline_ended", "No further update owed"),
                    ("deadline_repaired", "Missing deadline restored"),
                    ("cadence_changed", "Update times agreed"),
                    ("review_opened", "Review opened"),
                    ("imported", "Imported"),
                ],
                max_length=28,
            ),
        ),
        migrations.AddConstraint(
            model_name="recordedtime",
            constraint=models.CheckConstraint(
                condition=models.Q(("at__isnull", True), ("reason", ""), _connector="OR"),
                name="reason_is_for_unknown_times",
            ),
        ),
        migrations.AddField(
            model_name="incidentlink",
            name="ended_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="incidentlink",
            name="incident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="links", to="incidents.incident"
            ),
        ),
        migrations.AddField(
            model_name="incidentlink",
            name="linked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="incidentlink",
            name="other",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="links_here", to="incidents.incident"
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("incident", models.F("other")), _negated=True), name="link_joins_two_incidents"
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentlink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("incident", "kind", "other"),
                name="same_link_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentlink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), ("kind__in", ["child", "duplicate"])),
                fields=("incident", "kind"),
                name="one_original_and_one_parent",
            ),
        ),
    ]
