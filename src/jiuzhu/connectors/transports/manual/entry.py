"""What an officer of a department enters on the page, judged by the same mapping as every other reply."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from jiuzhu.connectors.reading.columns import ItemMapping
from jiuzhu.connectors.reading.replies import Reply, Row, judge
from jiuzhu.connectors.wiring import Wiring
from jiuzhu.rooms.verification.ports import Outcome, Question, Source


class EntryConnector:
    """A source without a connection of its own."""

    def __init__(self, source: Source, mapping: Mapping[str, ItemMapping], wiring: Wiring) -> None:
        self.source = source
        self._mapping = mapping
        self._wiring = wiring

    def read_reply(
        self,
        question: Question,
        rows: Sequence[Mapping[str, str]],
        *,
        data_as_of: date,
        reference: str,
        at: datetime,
    ) -> Outcome:
        """Judge what was entered: one mapping of field to text a record; no rows say that nothing was found.

        The person is the question's; an officer who enters a number (`id_number`) or a name (`name`) beside the fields
        has it compared.
        """
        item = self.source.item(question.item)
        mapping = self._mapping[item.name]
        lines = []
        for number, entered in enumerate(rows, 1):
            cells: dict[str, object] = {
                mapping.columns[one.name].name: entered.get(one.name, "") for one in item.fields
            }
            cells[mapping.number] = entered.get("id_number") or question.subject.id_number
            cells[mapping.holder] = entered.get("name") or question.subject.name
            cells[mapping.reference] = entered.get("reference") or f"{reference}-{number}"
            lines.append(Row(f"第{number}行", f"line {number}", cells))
        content = json.dumps([dict(line.cells) for line in lines], ensure_ascii=False, sort_keys=True).encode()
        reply = Reply(
            attempt_key=question.attempt_key,
            number=question.subject.id_number,
            finding="1" if lines else "0",
            data_as_of=data_as_of.isoformat(),
            reference=reference,
            total=len(lines),
            rows=tuple(lines),
            sha256=hashlib.sha256(content).hexdigest(),
            origin=f"{self.source.name}/manual",
        )
        return judge(item, mapping, question, reply, at=at)
