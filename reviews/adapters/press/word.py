"""A document for word processors (DOCX): real headings, lists and header rows, pictures described, language said."""

import copy
import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from reviews.adapters.press import pdf

Data = dict[str, Any]
Place = Document | _Cell
_MONO = "Consolas"
_QUIET = RGBColor(0x5A, 0x5A, 0x5A)
_TEXT_WIDTH = Cm(16.6)
_NARROW = Cm(4.6)  # what “Sun 29 Nov, 22:09 (UTC+1)” takes
_DEEPEST_LIST = 3  # what Word's own styles of lists have


def make(document: Data) -> bytes:
    """The whole file."""
    made = docx.Document()
    _properties(made, document)
    made.add_heading(document["title"], 0)
    _Writer(made).blocks(document["blocks"])
    foot = made.sections[0].footer.paragraphs[0]
    foot.add_run(f"{document['foot']}  ·  {document['page']} ").font.color.rgb = _QUIET
    _page_number(foot)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _widths(count: int, *, narrow: int, share: int) -> list[int]:
    """Of a table's columns, which together fill the page: the narrow ones first, the next its share of the rest."""
    shares = [share, *(1 for _ in range(count - narrow - 1))] if count > narrow else []
    rest = (_TEXT_WIDTH - narrow * _NARROW) / sum(shares) if shares else 0
    return [_NARROW] * narrow + [round(each * rest) for each in shares]


def _properties(made: Document, document: Data) -> None:
    """What the file says about itself; the empty fields would else hold what the library's own template has."""
    core = made.core_properties
    core.title, core.subject, core.author = document["title"], document["subject"][:255], document["author"]
    core.last_modified_by, core.comments, core.keywords, core.category = document["author"], "", "", ""
    core.language = document["language"]
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    for fonts in made.styles.element.iter(qn("w:lang")):
        fonts.set(qn("w:val"), document["language"])


class _Writer:
    """Puts blocks at the end of the document."""

    def __init__(self, made: Document) -> None:
        self.made = made
        self.style_ids = {style.name: style.style_id for style in made.styles}

    def blocks(self, found: Sequence[Data], *, style: str | None = None, depth: int = 0) -> None:
        for block in found:
            self._block(block, style=style, depth=depth)

    def _block(self, block: Data, *, style: str | None, depth: int) -> None:
        kind = block["kind"]
        if kind == "heading":
            self._write(self._paragraph(f"Heading {min(block['level'], 9)}"), block["spans"])
        elif kind == "paragraph":
            self._write(self._paragraph(style), block["spans"])
        elif kind == "code":
            self._write(self._paragraph(style), [{"text": block["text"], "code": True}])
        elif kind == "ruled":
            self._write(self._paragraph(style), [{"text": "⁂"}])
        elif kind == "quote":
            self.blocks(block["blocks"], style="Quote", depth=depth)
        elif kind == "items":
            self._items(block, depth=depth + 1)
        elif kind == "table":
            self._table(block)
        elif kind == "chart":
            self._picture(block)

    def _items(self, block: Data, *, depth: int) -> None:
        """Each item's first paragraph carries the sign; what follows in it goes on below."""
        name = "List Number" if block["ordered"] else "List Bullet"
        level = min(depth, _DEEPEST_LIST)
        style = name if level == 1 else f"{name} {level}"
        numbering = self._counted(style, block["start"]) if block["ordered"] else None
        for item in block["items"]:
            first, *rest = item or [{"kind": "paragraph", "spans": []}]
            opens = first["kind"] == "paragraph"
            shown = self._paragraph(style)
            if numbering is not None:
                shown._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = numbering
            if opens:
                self._write(shown, first["spans"])
            self.blocks(rest if opens else item, style="List Continue", depth=depth)

    def _paragraph(self, style: str | None) -> Paragraph:
        """The library looks a style up in all of them each time; its id is known."""
        made = self.made.add_paragraph()
        if style is not None:
            made._p.style = self.style_ids[style]
        return made

    def _counted(self, style: str, start: int) -> int:
        """A numbering of its own, or else each list would go on where the one before stopped."""
        root = self.made.part.numbering_part.element
        own = self.made.styles[style].element.pPr.numPr.numId.val
        abstract = root.num_having_numId(own).abstractNumId.val
        added = root.add_num(abstract)
        added.add_lvlOverride(ilvl=0).add_startOverride(max(start, 0))
        return int(added.numId)

    def _table(self, block: Data) -> None:
        made = self.made.add_table(rows=1, cols=len(block["header"]), style="Table Grid")
        widths = _widths(len(block["header"]), narrow=block["narrow"], share=block["share"])
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
        for cell, spans in zip(made.rows[0].cells, block["header"], strict=True):
            self._write(cell.paragraphs[0], [span | {"bold": True} for span in spans])
        properties = made.rows[0]._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        properties.append(OxmlElement("w:tblHeader"))
        # A copy of an empty row is many times faster than the library's way for long tables.
        pattern = copy.deepcopy(made.add_row()._tr)
        made._tbl.remove(made.rows[1]._tr)
        for row in block["rows"]:
            added = copy.deepcopy(pattern)
            made._tbl.append(added)
            for cell, spans in zip(added.tc_lst, row, strict=True):
                self._write(Paragraph(cell.p_lst[0], made), spans)
        self.made.add_paragraph()

    def _picture(self, chart: Data) -> None:
        self.made.add_picture(io.BytesIO(pdf.picture(chart)), width=Cm(16))
        described = self.made.inline_shapes[-1]._inline.docPr
        described.set("descr", chart["alt"])
        described.set("name", "chart")

    def _write(self, where: Paragraph, spans: Sequence[Data]) -> None:
        for span in spans:
            run = where.add_run(span["text"])
            if span.get("bold"):
                run.bold = True
            if span.get("italic"):
                run.italic = True
            if span.get("code"):
                run.font.name, run.font.size = _MONO, Pt(9.5)
            if span.get("href"):
                run.font.underline, run.font.color.rgb = True, RGBColor(0x17, 0x4A, 0x84)
                link = OxmlElement("w:hyperlink")
                link.set(qn("r:id"), where.part.relate_to(span["href"], RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
                where._p.append(link)
                link.append(run._r)


def _page_number(where: Paragraph) -> None:
    run = where.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)
