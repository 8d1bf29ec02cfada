"""Words that packs share with the rooms. A test holds them equal: the engine stands below the rooms and knows none."""

# keys of rooms/organization/data/departments.yaml
DEPARTMENTS = (
    "politics_law",
    "united_front",
    "establishment",
    "development_reform",
    "education",
    "public_security",
    "civil_affairs",
    "justice",
    "finance",
    "human_resources",
    "natural_resources",
    "housing",
    "transport",
    "agriculture",
    "health",
    "emergency",
    "market_regulation",
    "medical_security",
    "administrative_approval",
    "data",
    "tax",
    "central_bank",
    "financial_regulation",
    "farm_machinery",
    "poverty_alleviation",
    "trade_unions",
    "youth_league",
    "womens_federation",
    "disabled_federation",
    "audit",
)

# keys of the target groups in rooms/registry/states.py
GROUPS = (
    "dibao",
    "tekun",
    "dibao_bianyuan",
    "gangxing_zhichu",
    "fangzhi_fanpin",
    "shouzai",
    "liusan",
    "guer_kunjing_ertong",
    "chunelie_naotan_ertong",
    "zhongdu_jingshenbing",
    "kunnan_canji",
    "liangai_funv",
    "kunnan_zhigong",
    "jijiu",
    "jianyi_yongwei_zhican",
    "jianyi_yongwei_xisheng",
    "tufa_weisheng",
)

VENUES = ("registration", "residence", "place_of_event", "school", "hospital", "station", "any")
DECIDERS = ("township", "county", "city", "province", "department", "school", "hospital", "station", "organization")
ACTORS = ("applicant", "village", "verification", "bank", "provider", *DECIDERS)
RECIPIENTS = ("household", "person", "school", "hospital", "provider")

# what a term may be counted from, besides the steps of its own procedure
EVENTS = (
    "application",
    "acceptance",
    "discovery",
    "emergency",
    "admission",
    "request",
    "report",
    "receipt",
    "opinion",
    "publication_end",
    "objection",
    "hearing",
    "decision",
    "notice",
    "payment",
    "change",
    "death",
)
CASES = ("normal", "delegated", "special")
REMEDIES = ("objection", "reconsideration", "litigation", "complaint")

# all that may ever be posted of a person; the law names the first three for decisions (民发〔2021〕57号 art. 24)
PUBLIC_FIELDS = ("applicant_name", "member_count", "amount", "result", "village")
BOARDS = ("opinion", "decision", "village_affairs")
PLACES = ("village", "township", "county", "city", "website")

GIVERS = (
    "applicant",
    "member",
    "guardian",
    "supporter",
    "school",
    "hospital",
    "employer",
    "village",
    "court",
    "police",
    "organization",
)
FORMS = ("original", "copy", "photo", "electronic", "undertaking")

# classes of personal data that a letter may name outright, and those of which it may give nothing away: it passes
# through several hands
IN_LETTERS = frozenset({"none", "finance", "family"})
NEVER_IN_LETTERS = frozenset({"health", "conduct"})
