"""Sets a document as PDF or for a word processor: a program of its own, `python -m reviews.adapters.press`.

It knows no Django, no database and no secret, reads JSON (`kind`, `document`: mim_portal.lib.documents) and writes the
file. What people typed comes as data and is never read as markup. Typst's own fonts are used first, then the machine's.
"""
