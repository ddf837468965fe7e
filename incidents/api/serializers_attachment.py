"""Files as the API shows them."""

from typing import Any

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.api.fields import PersonField
from incidents.models import Attachment


class FileIn(serializers.Serializer[Any]):
    """One file, as multipart/form-data."""

    file = serializers.FileField(allow_empty_file=True, max_length=None)


class AttachmentOut(serializers.Serializer[Attachment]):
    """A file: what it is, who attached it, and where its bytes are."""

    id = serializers.IntegerField()
    candidate = serializers.SerializerMethodField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    uploaded_by = PersonField(read_only=True)
    uploaded_at = serializers.DateTimeField()
    url = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.STR)
    def get_candidate(self, file: Attachment) -> str | None:
        """The candidate that it came with; none where it was attached in the room."""
        return file.candidate.reference if file.candidate else None

    @extend_schema_field(OpenApiTypes.URI_REF)
    def get_url(self, file: Attachment) -> str:
        """Answers with the bytes, always as a download."""
        if file.candidate is not None:
            return reverse("api-candidate-attachment", args=[file.candidate.reference, file.pk])
        assert file.incident is not None
        return reverse("api-attachment", args=[file.incident.reference, file.pk])
