"""The columns of 残疾人联合会."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, code, count, day, text

MAPPING: Mapping[str, ItemMapping] = {
    "certificates": ItemMapping(
        columns={
            "certificate_number": text("残疾人证号"),
            "type": code(
                "残疾类别",
                {
                    "视力": "visual",
                    "听力": "hearing",
                    "言语": "speech",
                    "肢体": "physical",
                    "智力": "intellectual",
                    "精神": "mental",
                    "多重": "multiple",
                },
            ),
            "grade": count("残疾等级"),
            "valid_until": day("有效期至"),
        }
    ),
}
