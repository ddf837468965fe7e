"""Each half of the documents has its own indexes; they are built while the portal works, and the old ones go then."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0025_fill_private_documents")]

    operations = [
        AddIndexConcurrently(
            model_name='incidentsearch',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('is_private', False)), fastupdate=False, fields=['words'], name='search_public'),
        ),
        AddIndexConcurrently(
            model_name='incidentsearch',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('is_private', True)), fastupdate=False, fields=['words'], name='search_private'),
        ),
        AddIndexConcurrently(
            model_name='incidentsearch',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('is_private', False)), fastupdate=False, fields=['title_words'], name='search_pub_titles'),
        ),
        AddIndexConcurrently(
            model_name='incidentsearch',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('is_private', True)), fastupdate=False, fields=['title_words'], name='search_priv_titles'),
        ),
        AddIndexConcurrently(
            model_name='incidentsearch',
            index=models.Index(condition=models.Q(('is_private', False)), fields=['-declared_at'], name='search_public_by_time'),
        ),
        RemoveIndexConcurrently(
            model_name='incidentsearch',
            name='search_words',
        ),
        RemoveIndexConcurrently(
            model_name='incidentsearch',
            name='search_title_words',
        ),
        RemoveIndexConcurrently(
            model_name='incidentsearch',
            name='search_by_time',
        ),
    ]
