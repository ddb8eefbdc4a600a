"""Whether a clock runs in the circumstances: certainly, perhaps, or certainly not."""

from dataclasses import dataclass
from functools import cache

from service.domain.clocks import AppliesWhen, ClockStart, OwnerKind, RegulatoryClockDefinition
from service.domain.values import Bilingual
from service.domain.vocabularies import ancestors

# These moments are themselves what the law asks about: an incident that was classified as major is
# major, a complaint that was received was made.
_DECIDING_STARTS = frozenset(
    {
        ClockStart.CLASSIFIED,
        ClockStart.MATERIALITY_DETERMINED,
        ClockStart.ASSESSED_NOTIFIABLE,
        ClockStart.REPORT_ACCEPTED,
        ClockStart.NOTICE_RECEIVED,
    }
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of the owner and the crisis; None and empty mean not known."""

    jurisdictions: frozenset[str] | None = None
    listed: bool | None = None
    affected_count: int | None = None
    crisis_types: tuple[str, ...] = ()
    owners: frozenset[OwnerKind] = frozenset()


_JURISDICTION = Bilingual(
    zh_hans="受哪些法域约束（jurisdictions）",
    en="which jurisdictions' law binds the owner (jurisdictions)",
)
_CRISIS_TYPE = Bilingual(
    zh_hans="是哪一类危机（crisisTypes）", en="what type of crisis it is (crisisTypes)"
)
_TRIGGER = Bilingual(
    zh_hans="触发条件所说的事是否发生", en="whether what its trigger says has happened"
)
_LISTED = Bilingual(zh_hans="账号主体是否上市（listed）", en="whether the owner is listed (listed)")
_OWNERS = {
    OwnerKind.GOVERNMENT_BODY: Bilingual(
        zh_hans="账号主体是否政府部门（ownerKinds）",
        en="whether the owner is a government body (ownerKinds)",
    ),
    OwnerKind.CENTRAL_STATE_ORGAN: Bilingual(
        zh_hans="账号主体是否中央或国家机关及其直属单位（ownerKinds）",
        en="whether the owner is a central state organ or a unit of one (ownerKinds)",
    ),
    OwnerKind.CRITICAL_INFRASTRUCTURE_OPERATOR: Bilingual(
        zh_hans="账号主体是否关键信息基础设施运营者（ownerKinds）",
        en="whether the owner operates critical information infrastructure (ownerKinds)",
    ),
    OwnerKind.FINANCIAL_ENTITY: Bilingual(
        zh_hans="账号主体是否金融实体（ownerKinds）",
        en="whether the owner is a financial entity (ownerKinds)",
    ),
    OwnerKind.ESSENTIAL_OR_IMPORTANT_ENTITY: Bilingual(
        zh_hans="账号主体是否 NIS2 的必要实体或重要实体（ownerKinds）",
        en="whether the owner is an essential or important entity under NIS2 (ownerKinds)",
    ),
}
# Nobody is taken for a government that does not say so.
_ONLY_IF_SAID = frozenset({OwnerKind.GOVERNMENT_BODY, OwnerKind.CENTRAL_STATE_ORGAN})


def open_questions(
    clock: RegulatoryClockDefinition, circumstances: Circumstances, *, start_is_known: bool
) -> tuple[Bilingual, ...] | None:
    """What remains to be answered before it is certain that a clock runs: nothing where it does.

    None where it certainly does not run. Targets of practice always run.
    """
    if clock.jurisdiction is None:
        return ()
    when = clock.applies_when
    parts = (
        _of_jurisdiction(clock.jurisdiction, circumstances),
        _of_type(when, circumstances),
        _of_listing(when, circumstances),
        _of_owner(when, circumstances),
        ()
        if start_is_known and clock.starts_from in _DECIDING_STARTS
        else _of_size(when, circumstances),
    )
    questions: list[Bilingual] = []
    for part in parts:
        if part is None:
            return None
        questions += part
    return tuple(questions)


_Questions = tuple[Bilingual, ...] | None


def _of_jurisdiction(jurisdiction: str, circumstances: Circumstances) -> _Questions:
    if circumstances.jurisdictions is None:
        return (_JURISDICTION,)
    return () if jurisdiction in circumstances.jurisdictions else None


def _of_type(when: AppliesWhen, circumstances: Circumstances) -> _Questions:
    if not when.crisis_types and not when.possible_types:
        return ()
    if not circumstances.crisis_types:
        return (_CRISIS_TYPE,)
    given = {upper for code in circumstances.crisis_types for upper in ancestors(code)}
    if given.intersection(when.crisis_types):
        return ()
    wider = {
        upper for code in (*when.crisis_types, *when.possible_types) for upper in ancestors(code)
    }
    if given.intersection(when.possible_types) or wider.intersection(circumstances.crisis_types):
        return (_TRIGGER,)
    return None


def _of_listing(when: AppliesWhen, circumstances: Circumstances) -> _Questions:
    if not when.listed_only or circumstances.listed:
        return ()
    return (_LISTED,) if circumstances.listed is None else None


def _of_owner(when: AppliesWhen, circumstances: Circumstances) -> _Questions:
    owners = circumstances.owners
    if owners.intersection(when.not_owner):
        return None
    if when.owner is None or when.owner in owners:
        return ()
    if owners or when.owner in _ONLY_IF_SAID:
        return None
    return (_OWNERS[when.owner],)


def _of_size(when: AppliesWhen, circumstances: Circumstances) -> _Questions:
    least = when.affected_at_least
    if least is None:
        return when.depends_on
    if circumstances.affected_count is None:
        return (_affected(least), *when.depends_on)
    return () if circumstances.affected_count >= least else when.depends_on


@cache
def _affected(least: int) -> Bilingual:
    return Bilingual(
        zh_hans=f"涉及多少人的个人数据（affectedCount）：达到 {least:,} 人即达门槛",
        en=f"how many people's personal data are affected (affectedCount): from {least:,} on the "
        "threshold is reached",
    )
