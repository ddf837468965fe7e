"""Reviews that stand already are found by their words too."""

import re
import unicodedata

from django.db import migrations
from django.db.models.expressions import RawSQL

WORD = re.compile(r"\w+")


def fill(apps, schema_editor):
    Review = apps.get_model("reviews", "Review")
    Factor = apps.get_model("reviews", "ContributingFactor")
    Action = apps.get_model("reviews", "ImprovementAction")
    for review in Review.objects.filter(words=None).select_related("incident__service").iterator():
        incident = review.incident
        texts = [incident.reference, incident.external_ref, incident.title, incident.service.name]
        texts += [str(text) for text in review.sections.values()]
        for row in Factor.objects.filter(review=review).values_list("statement", "evidence_note"):
            texts += row
        for row in Action.objects.filter(review=review).values_list("title", "done_means", "measure"):
            texts += row
        plain = unicodedata.normalize("NFKC", " ".join(texts)).casefold()
        words = list(dict.fromkeys(word[:60] for word in WORD.findall(plain)))[:20_000]
        Review.objects.filter(pk=review.pk).update(words=RawSQL("array_to_tsvector(%s::text[])", [words]))


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0005_library_and_recurring_factors"),
        ("incidents", "0028_feedback_requests"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
