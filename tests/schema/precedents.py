"""A few cases beside the small library that tell of one thing, and how precedents are asked for."""

from dataclasses import dataclass
from typing import Any

from service.domain.access import AccessRole
from tests.library import HIJACK, OUTAGE, Client, a_case, a_statement, both

FIND = """query($s: SituationInput!, $n: Int! = 10, $l: Locale! = ZH_HANS) {
  findPrecedents(situation: $s, first: $n) { hasFit degraded
    edges { score node { slug } saidFirst { key } cameOfIt { metric { code } value }
      doDifferently { text(locale: $l) }
      reasons { kind weight matched label(locale: $l) labelLocale(locale: $l) }
      differences { kind label(locale: $l) labelLocale(locale: $l) } }
    concepts { set words term { code } } setAside { set words term { code } }
    evidence { considered } } }"""


def link(relation: str, slug: str) -> dict[str, Any]:
    return {"relation": relation, "case": slug, "reason": both("编者之言", "So the editors say")}


# One that tells of a queue, one about it that is called unlike, two that share no word and are
# called alike, and one that is hidden.
GAME = {"primary_type": OUTAGE, "platforms": ["WEIBO"], "industry": "GAMES", "country": "CN"}
GAMES = [
    a_case(
        "game-queue",
        11,
        **GAME,
        title=both("玩家登录不上游戏排队四小时", "Four hours of queueing after a launch"),
        asked_as={"zh_hans": ["玩家登录不上游戏一直排队"], "en": ["players stuck in queue"]},
        statements=[a_statement("S-1", key_messages=[both("正在扩容", "Adding servers")])],
        lessons=[{"verdict": "LOSS", "phase": "RESPONSE", "text": both("排队无提示", "No notice")}],
        links=[link("SIMILAR", "game-quiet"), link("DISSIMILAR", "game-joke")],
    ),
    a_case(
        "game-joke",
        12,
        **GAME,
        title=both("玩家排队的段子", "A joke about a queue"),
    ),
    a_case("game-quiet", 13, title=both("扩容通告", "A notice of capacity"), primary_type=HIJACK),
    a_case(
        "game-named",
        14,
        title=both("账号申诉", "An appeal"),
        primary_type=HIJACK,
        links=[link("CAUSED", "game-queue"), link("SIMILAR", "game-queue")],
    ),
    a_case(
        "game-hidden",
        15,
        **GAME,
        title=both("玩家登录不上游戏一直排队机密", "Players stuck in queue, in secret"),
        asked_as={"zh_hans": ["玩家登录不上游戏一直排队"], "en": []},
        sharing="TLP_RED",
        links=[link("SIMILAR", "game-queue")],
    ),
]
QUEUE = "老板快看玩家登录不上游戏一直排队骂声一片"


@dataclass(frozen=True, slots=True)
class Finder:
    """Asks for the precedents of a situation."""

    ask: Client

    async def __call__(
        self,
        text: str = "",
        *,
        as_: AccessRole = AccessRole.READER,
        first: int = 10,
        **known: Any,
    ) -> dict[str, Any]:
        """What is found."""
        data = await self.ask(FIND, as_=as_, s={"text": text, **known}, n=first)
        answer: dict[str, Any] = data["findPrecedents"]
        return answer


def slugs(found: dict[str, Any]) -> list[str]:
    """The cases found, in their order."""
    return [edge["node"]["slug"] for edge in found["edges"]]


def fitting(found: dict[str, Any]) -> list[str]:
    """Those of them that are claimed to fit."""
    return [edge["node"]["slug"] for edge in found["edges"] if edge["score"] >= 0.5]


def kinds(found: dict[str, Any], slug: str, field: str = "reasons") -> list[str]:
    """The kinds of the reasons, or of the differences, that one of them was given."""
    (edge,) = [each for each in found["edges"] if each["node"]["slug"] == slug]
    return [each["kind"] for each in edge[field]]
