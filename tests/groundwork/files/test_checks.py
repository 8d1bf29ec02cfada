"""What may be uploaded, and what is refused with which reason."""

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jiuzhu.core.errors import InvalidValue
from jiuzhu.groundwork.files import workbooks
from jiuzhu.groundwork.files.checks import CheckedUpload, check_upload, sniff, table_text
from jiuzhu.groundwork.files.limits import MediaType, UploadLimits
from jiuzhu.groundwork.files.names import safe_name

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def jpeg(width_px: int = 40, height_px: int = 30, *, exif: Image.Exif | None = None, mode: str = "RGB") -> bytes:
    target = BytesIO()
    image = Image.new(mode, (width_px, height_px), 200 if mode == "L" else None)
    image.save(target, "JPEG", quality=77, **({"exif": exif} if exif else {}))
    return target.getvalue()


def png(width_px: int = 40, height_px: int = 30, *, mode: str = "RGB") -> bytes:
    target = BytesIO()
    Image.new(mode, (width_px, height_px)).save(target, "PNG")
    return target.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_header_only(width_px: int, height_px: int) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def workbook() -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("名册")
        sheet.write_row(0, 0, ["姓名", "住址"])
        sheet.write_url(1, 0, "https://example.org/", string="链接")
    return target.getvalue()


def workbook_with(extra: dict[str, bytes], *, without: str = "") -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook())) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            if name != without and name not in extra:
                copy.writestr(name, source.read(name))
        for name, content in extra.items():
            copy.writestr(name, content)
    return target.getvalue()


def pdf(body: bytes = b"", *, tail: bytes = b"%%EOF\n") -> bytes:
    return (
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        + body
        + b"\ntrailer\n<< /Root 1 0 R >>\nstartxref\n0\n"
        + tail
    )


def object_stream(content: bytes, dictionary: bytes = b"/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode") -> bytes:
    packed = zlib.compress(content)
    return b"5 0 obj\n<< %s /Length %d >>\nstream\r\n%s\nendstream\nendobj\n" % (dictionary, len(packed), packed)


def refusal(content: bytes, name: str, limits: UploadLimits | None = None) -> InvalidValue:
    with pytest.raises(InvalidValue) as refused:
        check_upload(content, name, limits)
    error = refused.value
    assert error.message_zh.rstrip("。")
    assert any(word in error.message_zh for word in ("请", "可"))
    assert error.message_en
    return error


def test_each_kind_of_good_file_is_taken() -> None:
    csv = "姓名,住址\n张三,泰山区\n"
    good: list[tuple[bytes, str, MediaType]] = [
        (jpeg(), "户口本.JPG", MediaType.JPEG),
        (jpeg(mode="L"), "scan.jpeg", MediaType.JPEG),
        (jpeg(mode="CMYK"), "print.jpg", MediaType.JPEG),
        (png(), "证明.png", MediaType.PNG),
        (png(mode="RGBA"), "a.png", MediaType.PNG),
        (png(mode="P"), "a.png", MediaType.PNG),
        (png(mode="1"), "a.png", MediaType.PNG),
        (png(mode="I;16"), "a.png", MediaType.PNG),
        (pdf(), "判决书.2024.pdf", MediaType.PDF),
        (pdf(object_stream(b"1 0 << /Type /Page >>")), "a.pdf", MediaType.PDF),
        (workbook(), "名册.xlsx", MediaType.XLSX),
        (csv.encode(), "a.csv", MediaType.CSV),
        (csv.encode("utf-8-sig"), "a.csv", MediaType.CSV),
        (csv.encode("gb18030"), "a.csv", MediaType.CSV),
        ("姓名\n𠮷㙓䶮\n".encode("gb18030"), "a.csv", MediaType.CSV),
        (b"BMW,GIF89a\n1,2\n", "a.csv", MediaType.CSV),
    ]
    for content, name, media_type in good:
        checked = check_upload(content, name)
        assert (checked.media_type, checked.name) == (media_type, name)
        if media_type in (MediaType.PDF, MediaType.XLSX, MediaType.CSV):
            assert checked.content == content


def test_an_image_is_measured() -> None:
    checked = check_upload(jpeg(40, 30), "a.jpg")
    assert (checked.width_px, checked.height_px) == (40, 30)
    assert check_upload(pdf(), "a.pdf").width_px is None


def test_place_and_camera_are_removed_and_the_picture_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn by 90 degrees
    exif[0x010F] = "SECRETCAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    checked = check_upload(jpeg(40, 30, exif=exif), "a.jpg")
    assert (checked.width_px, checked.height_px) == (30, 40)
    assert b"SECRETCAMERA" not in checked.content
    assert b"Exif" not in checked.content
    with Image.open(BytesIO(checked.content)) as drawn:
        assert drawn.size == (30, 40)
        assert not drawn.getexif()


def test_text_in_a_png_and_bytes_behind_a_picture_are_removed() -> None:
    plain = png()
    marked = plain[:33] + chunk(b"tEXt", b"Comment\x00SECRETPLACE") + plain[33:] + b"PK\x03\x04SECRETTAIL<script>"
    content = check_upload(marked, "a.png").content
    assert b"SECRET" not in content
    content = check_upload(jpeg() + b"<script>SECRET</script>", "a.jpg").content
    assert b"SECRET" not in content


def test_drawing_a_jpeg_anew_keeps_its_quality() -> None:
    target = BytesIO()
    Image.effect_noise((64, 64), 60).convert("RGB").save(target, "JPEG", quality=70, subsampling=2)
    before = Image.open(BytesIO(target.getvalue()))
    after = Image.open(BytesIO(check_upload(target.getvalue(), "a.jpg").content))
    assert getattr(after, "quantization") == getattr(before, "quantization")  # noqa: B009 (not in the type stubs)
    assert abs(len(check_upload(target.getvalue(), "a.jpg").content) - len(target.getvalue())) < 1500


def test_the_same_upload_gives_the_same_bytes() -> None:
    assert check_upload(jpeg(), "a.jpg") == check_upload(jpeg(), "a.jpg")


def test_empty_and_too_large_files_are_refused() -> None:
    assert refusal(b"", "a.pdf").code == "file.empty"
    limits = UploadLimits(size_bytes=100)
    error = refusal(pdf(), "a.pdf", limits)
    assert error.code == "file.size"
    exact = pdf()
    assert isinstance(check_upload(exact, "a.pdf", UploadLimits(size_bytes=len(exact))), CheckedUpload)
    assert refusal(bytes(10 * 1024 * 1024 + 1), "a.pdf").code == "file.size"


@pytest.mark.parametrize(
    "name", ["a.exe", "a", "a.docx", "a.svg", "a.zip", ".pdf", "a.xlsm", "photo\u202egnp.exe", "a.png.html"]
)
def test_other_endings_are_refused_with_the_list_of_those_taken(name: str) -> None:
    error = refusal(png(), name)
    assert error.code == "file.type"
    assert "PDF文档" in error.message_zh


def test_a_place_may_take_fewer_types() -> None:
    error = refusal(pdf(), "a.pdf", UploadLimits(allowed=frozenset({MediaType.JPEG})))
    assert error.code == "file.type"
    assert "JPG图片" in error.message_zh
    assert "PDF" not in error.message_zh.replace("a.pdf", "")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>alert(1)</script>", "a.png"),
        (b"<html><script>alert(1)</script>", "a.jpg"),
        (b"<!doctype html><p>", "a.csv"),
        (b"  <svg onload=alert(1)>", "a.csv"),
        (b"<?xml version='1.0'?>", "a.csv"),
        (b"MZ\x90\x00\x03", "a.pdf"),
        (b"MZ\x90\x00\x03", "a.csv"),
        (b"\x00\x01\x02", "a.csv"),
        ("姓名,住址".encode("utf-16"), "a.csv"),
        (b"GIF89a" + bytes(20), "a.png"),
        (b"\x7fELF" + bytes(20), "a.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "a.xlsx"),
        (b"junk before %PDF-1.7 %%EOF", "a.pdf"),
        (png(), "a.jpg"),
        (jpeg(), "a.png"),
        (pdf(), "a.png"),
        (workbook(), "a.pdf"),
        (b"plain words", "a.pdf"),
    ],
)
def test_content_that_is_not_what_the_name_says_is_refused(content: bytes, name: str) -> None:
    assert refusal(content, name).code == "file.type_mismatch"


@pytest.mark.parametrize("name", ["照片.exe.png", "a.php.png", "a.HTML .png", "a.js.tar.png", "a.svg.png"])
def test_a_hidden_second_ending_is_refused(name: str) -> None:
    assert refusal(png(), name).code == "file.double_extension"


@pytest.mark.parametrize("name", ["a.b.c.png", "2024.06.18.png", "v1.2.png", "张三.户口本.png"])
def test_dots_that_mean_nothing_are_left_alone(name: str) -> None:
    assert check_upload(png(), name).name == name


@pytest.mark.parametrize(
    ("size", "name"), [((30_000, 30_000), "a.png"), ((10_000, 10_000), "a.png"), ((1, 20_001), "a.png")]
)
def test_an_image_with_too_many_pixels_is_refused_before_it_is_unpacked(size: tuple[int, int], name: str) -> None:
    assert refusal(png_header_only(*size), name).code == "file.image_too_large"


def test_truncated_and_damaged_images_are_refused() -> None:
    whole = jpeg(200, 200)
    for length in (20, len(whole) // 2, len(whole) - 20):
        assert refusal(whole[:length], "a.jpg").code == "file.image_broken"
    whole = png(200, 200)
    for length in (20, 40, len(whole) - 30):
        assert refusal(whole[:length], "a.png").code == "file.image_broken"
    assert refusal(png_header_only(10, 10), "a.png").code == "file.image_broken"


@given(st.binary(max_size=200), st.sampled_from(["a.jpg", "a.png", "a.pdf", "a.xlsx", "a.csv"]), st.integers(0, 4))
def test_random_bytes_are_taken_or_refused_but_never_crash(noise: bytes, name: str, head: int) -> None:
    heads = [b"", jpeg()[:200], png()[:45], pdf()[:60], b"PK\x03\x04"]
    try:
        checked = check_upload(heads[head] + noise, name)
    except InvalidValue:
        return
    assert checked.media_type in MediaType


def test_a_zip_bomb_is_refused_by_its_directory() -> None:
    bomb = workbook_with({"xl/worksheets/sheet9.xml": bytes(20 * 1024 * 1024)})
    assert len(bomb) < 60_000
    assert refusal(bomb, "a.xlsx").code == "file.workbook_bomb"


def test_a_workbook_with_too_many_entries_or_too_much_inside_is_refused() -> None:
    many = workbook_with({f"xl/media/{n}.png": b"x" for n in range(1001)})
    assert refusal(many, "a.xlsx").code == "file.workbook_bomb"
    limits = UploadLimits(workbook_unpacked_bytes=1000)
    assert refusal(workbook(), "a.xlsx", limits).code == "file.workbook_bomb"


def test_relations_of_unlikely_size_are_refused_before_they_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "_RELATIONS_BYTES", 5_000)
    assert refusal(workbook_with({"xl/_rels/x.rels": b"<a" + b" " * 5_000}), "a.xlsx").code == "file.workbook_bomb"


def test_a_directory_that_lies_about_sizes_is_refused() -> None:
    content = bytearray(workbook_with({"xl/media/a.bin": bytes(500_000)}))
    place = content.rfind(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 10)
    assert refusal(bytes(content), "a.xlsx").code == "file.workbook_broken"


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({"xl/vbaProject.bin": b"x"}, "file.workbook_macro"),
        ({"XL/VBAPROJECT.BIN": b"x"}, "file.workbook_macro"),
        ({"xl/macrosheets/sheet1.xml": b"x"}, "file.workbook_macro"),
        ({"xl/activeX/activeX1.xml": b"x"}, "file.workbook_macro"),
        ({"xl/embeddings/oleObject1.bin": b"x"}, "file.workbook_embedded"),
        ({"xl/media/inner.zip": b"x"}, "file.workbook_embedded"),
        ({"xl/media/image1.png": workbook()}, "file.workbook_embedded"),
        ({"xl/externalLinks/externalLink1.xml": b"x"}, "file.workbook_external"),
        ({"xl/connections.xml": b"x"}, "file.workbook_external"),
        ({"../../etc/passwd": b"x"}, "file.workbook_broken"),
        ({"/etc/passwd": b"x"}, "file.workbook_broken"),
    ],
)
def test_workbooks_with_more_than_tables_are_refused(extra: dict[str, bytes], code: str) -> None:
    assert refusal(workbook_with(extra), "a.xlsx").code == code


def test_relations_may_point_outside_only_as_hyperlinks() -> None:
    outside = (
        f'<?xml version="1.0"?><Relationships><Relationship Id="r1" Type="{RELATIONS}/image" TargetMode="&#69;xternal"'
        ' Target="http://example.org/a.png"/></Relationships>'
    )
    assert refusal(workbook_with({"xl/_rels/x.rels": outside.encode()}), "a.xlsx").code == "file.workbook_external"
    link = outside.replace("/image", "/hyperlink")
    assert check_upload(workbook_with({"xl/_rels/x.rels": link.encode()}), "a.xlsx").media_type is MediaType.XLSX
    for wrong in (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"<a>", outside.encode("utf-16")):
        assert refusal(workbook_with({"xl/_rels/x.rels": wrong}), "a.xlsx").code == "file.workbook_broken"


def test_archives_that_are_no_workbook_or_are_broken_or_locked_are_refused() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert refusal(target.getvalue(), "a.xlsx").code == "file.workbook_broken"
    assert refusal(workbook_with({}, without="xl/workbook.xml"), "a.xlsx").code == "file.workbook_broken"
    assert refusal(workbook()[:-30], "a.xlsx").code == "file.workbook_broken"
    damaged = bytearray(workbook())
    damaged[60] ^= 0xFF
    assert refusal(bytes(damaged), "a.xlsx").code == "file.workbook_broken"
    locked = bytearray(workbook())
    locked[locked.find(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(locked), "a.xlsx").code == "file.workbook_locked"


def test_two_entries_of_one_name_are_refused() -> None:
    target = BytesIO(workbook())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("XL/workbook.xml", "other")
    assert refusal(target.getvalue(), "a.xlsx").code == "file.workbook_broken"


@pytest.mark.parametrize(
    "body",
    [
        b"4 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj",
        b"4 0 obj << /S /Java#53cript /JS (x) >> endobj",
        b"4 0 obj << /S /Launch /F (cmd.exe) >> endobj",
        b"4 0 obj << /Type /EmbeddedFile >> endobj",
        b"4 0 obj << /Names << /EmbeddedFiles 7 0 R >> >> endobj",
        b"4 0 obj << /Names << /Embedded#46iles 7 0 R >> >> endobj",
        b"% stream\n4 0 obj << /S /JavaScript >> endobj endstream",
        object_stream(b"1 0 << /S /JavaScript /JS (x) >>"),
        object_stream(b"1 0 << /S /JavaScript /JS (x) >>", b"/Type 9 0 R /Filter /FlateDecode"),
        object_stream(b"1 0 << /S /Launch >>", b"/Type /Obj#53tm /Filter /FlateDecode"),
        b"5 0 obj << /Type /ObjStm /Filter /ASCIIHexDecode >>\nstream\n312030\nendstream endobj",
    ],
)
def test_documents_that_run_or_carry_something_are_refused(body: bytes) -> None:
    assert refusal(pdf(body), "a.pdf").code == "file.document_active"


def test_a_document_with_an_archive_behind_it_is_refused() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "x")
    assert refusal(pdf() + target.getvalue() + b"\n%%EOF", "a.pdf").code == "file.document_active"


def test_a_stream_that_unpacks_to_too_much_is_refused() -> None:
    body = object_stream(b"1 0 " + b" " * 200_000)
    assert refusal(pdf(body), "a.pdf", UploadLimits(pdf_unpacked_bytes=100_000)).code == "file.document_active"


def test_a_document_of_countless_streams_is_refused() -> None:
    body = b"stream\nx\nendstream\n" * 20_001
    assert refusal(pdf(body), "a.pdf").code == "file.document_complex"


def test_broken_and_locked_documents_are_refused() -> None:
    assert refusal(pdf(tail=b""), "a.pdf").code == "file.document_broken"
    assert refusal(pdf(b"<< /Encrypt 9 0 R >>"), "a.pdf").code == "file.document_locked"
    assert refusal(pdf(b"<< /E#6Ecrypt << /V 4 >> >>"), "a.pdf").code == "file.document_locked"


def test_words_like_the_forbidden_ones_do_no_harm() -> None:
    assert check_upload(pdf(b"(JavaScript) /Launcher /JavaScripts"), "a.pdf").media_type is MediaType.PDF


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\Users\\张三\\户口本.jpg", "户口本.jpg"),
        ("../../etc/passwd.png", "passwd.png"),
        ("/home/a.png", "a.png"),
        ("a\u202egpj.png", "agpj.png"),
        ("\u200b张\u200d三\ufeff.png", "张三.png"),
        ("a\r\nSet-Cookie: x.png", "a Set-Cookie x.png"),
        ('a"<b>|?*.png', "ab.png"),
        ("  .hidden.png ", "hidden.png"),
        ("a. .png", "a.png"),
        ("..png", "png"),
        ("", "文件"),
        ("\u202e", "文件"),
        ("///", "文件"),
        ("𠮷野家.png", "𠮷野家.png"),
        ("e\u0301.png", "é.png"),
        ("a\x00.png", "a.png"),
    ],
)
def test_names_are_made_safe(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


@given(st.text(max_size=300))
def test_a_safe_name_stays_as_it_is_and_holds_nothing_dangerous(text: str) -> None:
    name = safe_name(text)
    assert safe_name(name) == name
    assert 1 <= len(name) <= 120
    assert not set(name) & set('/\\<>:"|?*\r\n\x00\u202e\u200b')
    assert not name.startswith(".")


def test_a_long_name_keeps_its_ending() -> None:
    assert check_upload(png(), "长" * 300 + ".png").name == "长" * 116 + ".png"


def test_sniffing_looks_at_the_content_only() -> None:
    assert sniff(jpeg()) is MediaType.JPEG
    assert sniff(b"\xff\xff\xff\xff") is None
    assert table_text("姓名".encode("gb18030")) == "姓名"
    assert table_text(b"\xff\xff") is None
