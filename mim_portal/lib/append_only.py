"""Triggers that make a table append-only: a correction is a new row (DESIGN section 5, invariant 2)."""

import pgtrigger


def append_only() -> list[pgtrigger.Trigger]:
    """Refuse UPDATE, DELETE and TRUNCATE in the database itself."""
    return [
        pgtrigger.Protect(name="refuse_update", operation=pgtrigger.Update),
        pgtrigger.Protect(name="refuse_delete", operation=pgtrigger.Delete),
        pgtrigger.Trigger(
            name="refuse_truncate",
            operation=pgtrigger.Truncate,
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            func="RAISE EXCEPTION 'this table is append-only: % refused', TG_OP;",
        ),
    ]
