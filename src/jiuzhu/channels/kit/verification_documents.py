"""The verification report and the mandate as issued documents."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode

from jiuzhu.channels.kit.verification_wording import fact_lines, item_name, person_lines, source_name
from jiuzhu.groundwork.documents.content import (
    Block,
    Document,
    Heading,
    Paragraph,
    Particulars,
    Signatures,
    Table,
)
from jiuzhu.groundwork.documents.setting import set_pdf
from jiuzhu.rooms.verification.queries import MandateView, ReportView
from jiuzhu.rooms.verification.states import ROLE_NAMES, SIGNATURES, SignatureState

_CODE = 12


def report_document(request: HttpRequest, view: ReportView, programmes: str) -> Document:
    """A version of a report. Documents are issued in Chinese, whatever language the page is read in."""
    line = view.line
    code = line.sha256[:_CODE]
    query = urlencode({"number": line.number, "code": code})
    blocks: list[Block] = [
        Particulars(
            [
                ("用途", f"{view.purpose}（{programmes}）"),
                ("查询单位", view.asking_office),
                ("委托编号", view.order_number),
                ("申请日期", timezone.localdate(view.requested_at).isoformat()),
                ("有效期至", "没有规定" if line.valid_to is None else line.valid_to.isoformat()),
            ]
        ),
        Heading("一、核对对象"),
        Table(
            ["姓名", "证件号码", "身份"],
            [[one.name, one.number, one.role] for one in person_lines(view)],
            [2, 4, 3],
        ),
        Heading("二、申报与核对结果"),
        Paragraph("“未知”是来源单位没有答复，不等于没有。", small=True),
        Table(
            ["情况", "对象", "申报", "核对", "结论", "来源"],
            [
                [one.label, one.whose, one.declared or "—", one.found or "—", one.outcome, one.source]
                for one in fact_lines(view)
            ],
            [4, 2, 3, 3, 2, 3],
            frozenset({2, 3}),
            "没有可以比较的情况",
        ),
        Heading("三、各来源单位的答复"),
        *_answers(view),
        Signatures([("出具人", line.issued_by_name, timezone.localdate(line.issued_at).isoformat())]),
    ]
    return Document(
        title="家庭经济状况核对报告",
        number=line.number,
        issuer=view.asking_office,
        issued_on=timezone.localdate(line.issued_at),
        blocks=blocks,
        check=f"扫描二维码，或者在“核验文书”页面输入编号和核验码 {code} 核验真伪。内容摘要（SHA-256）：{line.sha256}",
        check_url=request.build_absolute_uri(f"{reverse('public:document_check')}?{query}"),
    )


def mandate_document(view: MandateView) -> Document:
    """A mandate with who has signed it."""
    by_source: dict[str, list[str]] = {}
    for key in view.items:
        source, _dot, item = key.partition(".")
        by_source.setdefault(source_name(source), []).append(item_name(source, item))
    title, *paragraphs = view.text.split("\n")
    signed = [
        (
            f"{one.name}（{ROLE_NAMES[one.role][0]}）",
            one.signer_name if one.state is SignatureState.SIGNED else SIGNATURES.names[one.state][0],
            "" if one.signed_at is None else timezone.localdate(one.signed_at).isoformat(),
        )
        for one in view.signatures
    ]
    return Document(
        title=title,
        number=view.number,
        issuer=view.drawn_up_by_name,
        issued_on=timezone.localdate(view.drawn_up_at),
        blocks=[
            *(Paragraph(one) for one in paragraphs if one.strip()),
            Heading("签署"),
            Signatures(signed),
            Paragraph(f"文本版本 {view.text_version}；摘要（SHA-256）：{view.sha256}", small=True),
        ],
    )


def pdf_response(document: Document) -> HttpResponse:
    """A document as a download that no cache keeps."""
    name = f"{document.title}_{document.number}.pdf"
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",  # noqa: FBT003
        "Cache-Control": "no-store",
    }
    return HttpResponse(set_pdf(document), content_type="application/pdf", headers=headers)


def _answers(view: ReportView) -> Sequence[Block]:
    blocks: list[Block] = []
    for person in person_lines(view):
        blocks.append(Paragraph(person.name))
        rows = []
        for one in person.answers:
            records = "；".join("，".join(f"{label} {value}" for label, value in cells) for cells, _ in one.records)
            remarks = "；".join((*(text for _, texts in one.records for text in texts), *one.remarks))
            said = "。".join(part for part in (one.cause, records, remarks) if part) or "—"
            rows.append([one.source, one.item, one.state, said, one.as_of or "—"])
        blocks.append(Table(["来源单位", "事项", "结果", "内容", "数据日期"], rows, [3, 3, 2, 6, 2]))
    return blocks
