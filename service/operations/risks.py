"""How far the risk rule agrees with the levels the library's editors gave."""

from service.domain.access import Actor, Permission
from service.domain.agreements import Agreement, agreement, labels_of
from service.domain.cases import Case
from service.domain.codes import CaseProvenance, RiskLevel
from service.domain.conditions import Among, Every, Not, Order
from service.footprints import traced
from service.operations.ports import Desk
from service.store.units import Reading

AGREEMENT_CASES_MOST = 500
_BATCH = 50


@traced
async def measure_agreement(desk: Desk, actor: Actor) -> Agreement:
    """The agreement over the latest assessed cases the actor may see, synthetic ones left out.

    It is reckoned once for each state of the library.
    """
    actor.require(Permission.READ)
    async with desk.store.reading() as reading:
        state = await reading.library.get()
        at = (state.revision, state.stamp)
        held = desk.agreements.find(actor.visible, at=at)
        if held is None:
            labelled, unscored = labels_of(await _assessed(actor, reading))
            held = agreement(labelled, unscored=unscored)
            desk.agreements.keep(actor.visible, held, at=at)
    return held


async def _assessed(actor: Actor, reading: Reading) -> list[Case]:
    condition = Every(
        (
            Among("level", tuple(level.value for level in RiskLevel)),
            Not(Among("provenance", (CaseProvenance.SYNTHETIC.value,))),
        )
    )
    page = await reading.listings(visible=actor.visible).cases(
        condition,
        order=Order("number", descending=True),
        first=AGREEMENT_CASES_MOST,
        after=None,
    )
    rows = [listed.item.entry_id for listed in page.items]
    documents = []
    for start in range(0, len(rows), _BATCH):
        found = await reading.entries.load_many(rows[start : start + _BATCH], visible=actor.visible)
        documents += [entry.document for entry in found.values()]
    return [document for document in documents if isinstance(document, Case)]
