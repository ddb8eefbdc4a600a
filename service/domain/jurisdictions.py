"""Whose law: country codes, what lies in the European Union, and where a day begins."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from service.domain.errors import BadInput, quoted
from service.domain.values import Bilingual

EU: Final = "EU"

# ISO 3166-1, the officially assigned codes of two letters.
_COUNTRIES: Final = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 - a table of 249 codes, not a list of strings
)
_MEMBERS: Final = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905 - the same
)
_ECONOMIC_AREA: Final = frozenset({"IS", "LI", "NO"})
# Where one time of day holds for the whole jurisdiction, or for the authority its clocks report to.
_ZONES: Final = {
    "CN": "Asia/Shanghai",
    "HK": "Asia/Hong_Kong",
    "IN": "Asia/Kolkata",
    "JP": "Asia/Tokyo",
    "KR": "Asia/Seoul",
    "MO": "Asia/Macau",
    "SG": "Asia/Singapore",
    "TW": "Asia/Taipei",
    "US": "America/New_York",
}
JURISDICTIONS_MOST: Final = 60


@dataclass(frozen=True, slots=True)
class NotCovered:
    """A jurisdiction of which the library holds no clock, with what to do about it."""

    code: str
    reason: Bilingual


@dataclass(frozen=True, slots=True)
class Jurisdictions:
    """The jurisdictions asked about: those whose clocks are here, and those that are not.

    `known` is None where nobody said which. `members` are the countries that stand for the EU.
    """

    known: frozenset[str] | None
    members: tuple[str, ...] = ()
    not_covered: tuple[NotCovered, ...] = ()


def zone_name(jurisdiction: str | None) -> str | None:
    """The time zone a jurisdiction's days are counted in; None where it has several or none."""
    return None if jurisdiction is None else _ZONES.get(jurisdiction)


def read_jurisdictions(codes: Collection[str], *, covered: Collection[str]) -> Jurisdictions:
    """What was asked about, as the library covers it; a code that is none is refused."""
    if len(codes) > JURISDICTIONS_MOST:
        raise BadInput(
            f"jurisdictions has {len(codes)} values; at most {JURISDICTIONS_MOST} are taken."
        )
    if not codes:
        return Jurisdictions(None)
    for code in codes:
        require_jurisdiction(code, covered)
    distinct = list(dict.fromkeys(codes))
    known = {code for code in distinct if code in covered}
    members: tuple[str, ...] = ()
    if EU in covered:
        members = tuple(code for code in distinct if code in _MEMBERS - known)
        known |= {EU} if members else set()
    missing = [code for code in distinct if code not in known and code not in members]
    return Jurisdictions(
        frozenset(known), members, tuple(NotCovered(code, _reason(code)) for code in missing)
    )


def countries_in(codes: Collection[str]) -> tuple[str, ...]:
    """The countries that jurisdictions are made of: the EU is its members, any other is itself."""
    members = sorted(_MEMBERS) if EU in codes else []
    return tuple(dict.fromkeys((*(code for code in codes if code != EU), *members)))


def require_jurisdiction(code: str, covered: Collection[str] = ()) -> None:
    """Raise `BadInput` for what is no jurisdiction, naming those that are `covered`, if any are."""
    if code in _COUNTRIES or code == EU:
        return
    known = ", ".join(sorted(covered))
    if code.upper() in _COUNTRIES | {EU}:
        hint = f"write {code.upper()}"
    elif code.upper() == "UK":
        hint = "the United Kingdom is GB"
    else:
        hint = "write two capital letters, such as CN"
    known = f" The library knows clocks of {known}." if known else ""
    raise BadInput(f"{quoted(code)} is not a jurisdiction by ISO 3166, nor EU; {hint}.{known}")


def _reason(code: str) -> Bilingual:
    if code in _ECONOMIC_AREA:
        return Bilingual(
            zh_hans=f"{code} 不在本库；它属于欧洲经济区，GDPR 同样适用：另以 EU 查询，并请与法律顾问确认。",
            en=f"{code} is not in the library. It is in the European Economic Area, where the GDPR "
            "holds too: ask for EU as well, and confirm with counsel.",
        )
    return Bilingual(
        zh_hans=f"{code} 不在本库：没有列出时限，不等于没有时限；请与法律顾问确认。",
        en=f"{code} is not in the library. That no clock is listed does not mean that none runs; "
        "ask counsel.",
    )
