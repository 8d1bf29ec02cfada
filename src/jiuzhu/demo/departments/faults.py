"""What can go wrong with a department, switched on and off while it runs."""

from enum import StrEnum


class Fault(StrEnum):
    """A way of failing; each applies to every question until it is switched off."""

    NONE = "none"
    SLOW = "slow"  # answers after the asker's patience
    DOWN = "down"  # says that it is out of order; by file: sends nothing
    CUT = "cut"  # breaks the connection in the middle of the answer; by file: half a file
    TRUNCATED = "truncated"  # leaves the last record out
    WRONG_PERSON = "wrong_person"  # answers about somebody else
    WRONG_RECORD = "wrong_record"  # one record is somebody else's
    DUPLICATE = "duplicate"  # sends each record twice
    LYING = "lying"  # says that nothing was found, and sends records
    REFUSED = "refused"
    MALFORMED = "malformed"  # sends what is no reply
    GARBLED = "garbled"  # one cell cannot be read
    NEGATIVE = "negative"  # money and numbers below zero
    FUTURE = "future"  # data of a day to come
    UNSIGNED = "unsigned"
    REPLAYED = "replayed"  # sends the answer to an earlier question
    LARGE = "large"  # never ends
