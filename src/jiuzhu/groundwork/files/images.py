"""Photographs and scans: limits read from the header before anything is unpacked, then drawn anew without metadata.

Drawing anew drops where and when a picture was taken, who owns the camera, and whatever was hidden behind the picture.
"""

import struct
import zlib
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image, ImageOps, JpegImagePlugin

from jiuzhu.core.errors import InvalidValue
from jiuzhu.groundwork.files.limits import MediaType, UploadLimits

_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error, zlib.error)
_JPEG_QUALITY = 90


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A picture without metadata."""

    content: bytes = field(repr=False)
    width_px: int
    height_px: int


def clean_image(content: bytes, media_type: MediaType, limits: UploadLimits) -> CleanImage:
    """Check a JPEG or PNG and draw it anew, upright, without metadata; a JPEG keeps its own quantisation tables.

    Raises:
        InvalidValue: too many pixels, truncated, or not readable.
    """
    formats = ("JPEG",) if media_type is MediaType.JPEG else ("PNG",)
    try:
        with Image.open(BytesIO(content), formats=formats) as image:
            # only the header is read so far
            _refuse_too_large(*image.size, limits)
            image.load()
            drawn = _drawn(image, media_type)
            width_px, height_px = ImageOps.exif_transpose(image).size
    except InvalidValue:
        raise
    except _BOMBS:
        raise _too_large(limits) from None
    except _BROKEN:
        raise InvalidValue(
            "file.image_broken",
            "图片不完整或已损坏，无法打开，请重新拍照或重新扫描后上传",
            "The image is incomplete or damaged; take or scan it again and upload it.",
        ) from None
    return CleanImage(drawn, width_px, height_px)


def _drawn(image: Image.Image, media_type: MediaType) -> bytes:
    upright = ImageOps.exif_transpose(image)
    target = BytesIO()
    if media_type is MediaType.PNG:
        plain = upright.copy()
        plain.info = {name: value for name, value in upright.info.items() if name == "transparency"}
        plain.save(target, "PNG")
        return target.getvalue()
    tables = getattr(image, "quantization", None)
    if upright.mode in ("L", "RGB") and tables:
        plain = upright.copy()
        plain.info = {}
        turned = upright.size != image.size
        sampling = 0 if turned else JpegImagePlugin.get_sampling(image)
        plain.save(target, "JPEG", qtables=tables, subsampling=sampling)
    else:
        plain = upright.convert("RGB")
        plain.info = {}
        plain.save(target, "JPEG", quality=_JPEG_QUALITY)
    return target.getvalue()


def _refuse_too_large(width_px: int, height_px: int, limits: UploadLimits) -> None:
    if width_px * height_px > limits.image_px or max(width_px, height_px) > limits.image_side_px:
        raise _too_large(limits)


def _too_large(limits: UploadLimits) -> InvalidValue:
    million = limits.image_px // 1_000_000
    return InvalidValue(
        "file.image_too_large",
        f"图片尺寸过大（上限{million}百万像素，单边{limits.image_side_px}像素），请缩小图片或降低扫描分辨率后重新上传",
        f"The image is too large (at most {million} million pixels, {limits.image_side_px} on a side);"
        " make it smaller or scan at a lower resolution.",
    )
