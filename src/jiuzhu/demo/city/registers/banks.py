"""银行：accounts and balances."""

from dataclasses import dataclass

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bytes8, Ints, Texts, pick, stream
from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.identifiers import card_numbers
from jiuzhu.demo.city.registers.civil_affairs import couples
from jiuzhu.demo.city.registers.holders import Flaw, Holders, mark, write

BANKS = ("农村商业银行", "农业银行", "邮政储蓄银行", "工商银行", "建设银行", "中国银行")


@dataclass(frozen=True, slots=True)
class AccountRegister:
    """Accounts; `bank` indexes `BANKS`. `second_person` is -1 unless the account is held jointly (truth, as `person`
    is).
    """

    holder: Holders
    bank: Bytes8
    account_number: Texts
    balance_fen: Ints
    average_fen_year: Ints
    second_person: Ints
    second_citizen_id: Texts


def accounts(chunk: CityChunk) -> AccountRegister:
    """One or two accounts a person; the balances add up to the savings, those of a joint one to the first holder's."""
    rng = stream(chunk.seed, chunk.index, "registers.accounts")
    people, savings = chunk.people, chunk.livelihood.savings_fen
    has = np.flatnonzero((people.bank_account != "") & people.living)
    second = has[(rng.random(len(has)) < p.SECOND_ACCOUNT) & (savings[has] > 0)]
    apart = np.zeros(len(people), dtype=np.int64)
    apart[second] = np.rint(savings[second] * rng.uniform(0.1, 0.9, len(second))).astype(np.int64)
    person = np.concatenate([has, second])
    balance = np.concatenate([savings[has] - apart[has], apart[second]])
    chunk_number = chunk.index * p.CHUNK_NUMBERS
    number = np.concatenate([people.bank_account[has], card_numbers(chunk_number + second, series=1)])
    spouse = np.full(len(people), -1, dtype=np.int64)
    husband, wife = couples(chunk)
    spouse[husband], spouse[wife] = wife, husband
    spouse = np.where((spouse >= 0) & people.living[spouse], spouse, -1)
    joint = (spouse[person] >= 0) & (rng.random(len(person)) < p.JOINT_ACCOUNT)
    other = np.where(joint, spouse[person], -1)
    undeclared = (chunk.declared.savings_fen < savings)[person]
    return AccountRegister(
        holder=write(rng, people, person, flags=mark(joint, Flaw.JOINT_ACCOUNT) | mark(undeclared, Flaw.UNDECLARED)),
        bank=pick(rng, (0.34, 0.2, 0.18, 0.12, 0.1, 0.06), len(person)).astype(np.uint8),
        account_number=number,
        balance_fen=balance,
        average_fen_year=np.rint(balance * np.exp(rng.normal(-0.03, 0.2, len(person)))).astype(np.int64),
        second_person=other,
        second_citizen_id=np.where(joint, people.citizen_id[other], ""),
    )
