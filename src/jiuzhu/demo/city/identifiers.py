"""Numbers with check characters, a whole column at a time: citizen id, bank card, social credit code.

The numbers are valid by their standards and invented. Phones, cards, plates and codes carry marks that no issuer uses
(`parameters.py`). A citizen id has no room for such a mark: it is drawn at random and stands for nobody.
"""

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bools, Days, Ints, Texts

_ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_ID_CHECK = np.array([ord(sign) for sign in "10X98765432"], dtype=np.uint32)
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)])
_ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_ZERO = ord("0")


def digits(number: Ints, width: int) -> Ints:
    """Decimal digits of each number, most significant first, as a table of `width` columns."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return np.asarray(number[:, None] // powers % 10, dtype=np.int64)


def text(codes: Ints) -> Texts:
    """A table of code points to a column of text."""
    table = np.ascontiguousarray(codes, dtype=np.uint32)
    return table.view(f"<U{table.shape[1]}").reshape(-1)


def birth_number(born: Days) -> Ints:
    """Birth dates as YYYYMMDD."""
    month = born.astype("datetime64[M]")
    months = month.astype(np.int64)
    day = (born - month.astype("datetime64[D]")).astype(np.int64) + 1
    return np.asarray((1970 + months // 12) * 10_000 + (months % 12 + 1) * 100 + day, dtype=np.int64)


def citizen_ids(area: Ints, born: Days, sequence: Ints) -> Texts:
    """GB 11643-1999 numbers from a 6-digit area, a birth date and a sequence (odd for males), with the check
    character.
    """
    body = np.concatenate([digits(area, 6), digits(birth_number(born), 8), digits(sequence, 3)], axis=1)
    check = _ID_CHECK[body @ _ID_WEIGHTS % 11]
    return text(np.concatenate([body + _ZERO, check[:, None]], axis=1))


def sequence_numbers(lane: int, rank: Ints, area: Ints, born: Days, sex: Ints) -> Ints:
    """The three-digit sequence of a citizen id that no other chunk of the city can give.

    A cell (area, birth date, sex) has 499 numbers of the right parity (002…998 for females, 001…997 for males). Each
    chunk (lane) owns 12 places of every cell: place = lane × 12 + rank of the person in the cell within the chunk. A
    fixed permutation of the 499 places, shifted by the cell, spreads neighbours apart; being a permutation it keeps the
    places of different chunks disjoint. Hence ids are unique over the whole city although no chunk knows another.
    Raises ValueError for a lane outside the city or a rank beyond the lane's places.
    """
    if not 0 <= lane < p.CHUNK_LANES:
        raise ValueError(f"a city has chunks 0 to {p.CHUNK_LANES - 1}; chunk {lane} would repeat citizen ids")
    if len(rank) and int(rank.max()) >= p.NUMBERS_PER_LANE:
        raise ValueError(f"more than {p.NUMBERS_PER_LANE} people in one cell of area, birth date and sex")
    shift = area * 7 + born.astype(np.int64) * 13
    place = (181 * (lane * p.NUMBERS_PER_LANE + rank) + shift) % p.SEQUENCES_PER_SEX
    return np.asarray(2 * place + np.where(sex == 1, 1, 2), dtype=np.int64)


def luhn_numbers(prefix: str, number: Ints, width: int) -> Texts:
    """Account numbers of `width` digits: prefix, number, and the check digit of ISO/IEC 7812 (Luhn)."""
    head = np.broadcast_to(np.array([int(sign) for sign in prefix]), (len(number), len(prefix)))
    body = np.concatenate([head, digits(number, width - len(prefix) - 1)], axis=1)
    doubled = body.copy()
    doubled[:, ::-1][:, ::2] *= 2
    check = -(doubled - 9 * (doubled > 9)).sum(axis=1) % 10
    return text(np.concatenate([body, check[:, None]], axis=1) + _ZERO)


def card_numbers(number: Ints, series: int = 0) -> Texts:
    """Bank cards of the demonstration issuer: distinct for distinct numbers (< 10⁸) and series (< 1,000)."""
    width = p.CARD_DIGITS - len(p.CARD_PREFIX) - 1
    # 9⁹ has no factor in common with ten, so the product is a permutation of the numbers of that width.
    return luhn_numbers(
        p.CARD_PREFIX, (series * 100_000_000 + number) % 10**width * 387_420_489 % 10**width, p.CARD_DIGITS
    )


def credit_codes(kind: str, area: Ints, number: Ints) -> Texts:
    """GB 32100-2015 codes: authority and kind (two characters), area, organisation code (GB 11714), check character.

    `number` (< 10⁷) becomes the organisation code, which starts with W to mark it as invented.
    """
    signs = np.array([ord(sign) for sign in _CREDIT_SIGNS], dtype=np.int64)
    lead = np.broadcast_to(np.array([_CREDIT_SIGNS.index(sign) for sign in kind]), (len(number), 2))
    # GB 11714 counts letters from A = 10 without gaps, so W is 32 there while it is 28 in the alphabet of GB 32100.
    inner = np.concatenate([np.full((len(number), 1), 32), digits(number, 7)], axis=1)
    check = (11 - inner @ _ORGANISATION_WEIGHTS % 11) % 11
    # A check of 10 is written X; GB 32100 reads that X as its own value 29.
    check_value = np.where(check == 10, _CREDIT_SIGNS.index("X"), check)
    shown = inner.copy()
    shown[:, 0] = _CREDIT_SIGNS.index("W")
    body = np.concatenate([lead, digits(area, 6), shown, check_value[:, None]], axis=1)
    last = (31 - body @ _CREDIT_WEIGHTS % 31) % 31
    return text(signs[np.concatenate([body, last[:, None]], axis=1)])


def has_id_check(citizen_id: Texts) -> Bools:
    """Where the check character of an 18-character citizen id is right."""
    codes = np.ascontiguousarray(citizen_id.astype("<U18")).view(np.uint32).reshape(-1, 18)
    body = codes[:, :17].astype(np.int64) - _ZERO
    return np.asarray(_ID_CHECK[body @ _ID_WEIGHTS % 11] == codes[:, 17])
