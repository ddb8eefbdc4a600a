"""The fixed words of a brief."""

from typing import Final

from service.domain.figures import Trend
from service.domain.values import Bilingual

HEADING: Final = Bilingual(zh_hans="先例简报", zh_hant="先例簡報", en="Precedent brief")
NEAREST: Final = Bilingual(zh_hans="最接近的先例", zh_hant="最接近的先例", en="Nearest precedents")
SIMILAR: Final = Bilingual(
    zh_hans="编者标为相似", zh_hant="編者標為相似", en="Similar, say the editors"
)
NO_FIT: Final = Bilingual(
    zh_hans="没有把握说哪一个合适，以下只是相近：",
    zh_hant="沒有把握說哪一個合適，以下只是相近：",
    en="None is claimed to fit; these are only near:",
)
NO_PRECEDENT: Final = Bilingual(
    zh_hans="案例库里没有相近的先例。",
    zh_hant="案例庫裡沒有相近的先例。",
    en="The library holds no precedent near this.",
)
WHY: Final = Bilingual(zh_hans="为什么", zh_hant="為什麼", en="Why")
SAID: Final = Bilingual(zh_hans="首次发声", zh_hant="首次發聲", en="Said first")
OUTCOME: Final = Bilingual(zh_hans="结果", zh_hant="結果", en="What came of it")
DIFFERENTLY: Final = Bilingual(zh_hans="别重蹈", zh_hant="別重蹈", en="Do differently")
VERDICT: Final = Bilingual(zh_hans="编者判断", zh_hant="編者判斷", en="editors' verdict")
ANONYMOUS: Final = Bilingual(zh_hans="匿名案例", zh_hant="匿名案例", en="anonymised")
UNVERIFIED: Final = Bilingual(zh_hans="未经核实", zh_hant="未經核實", en="unverified")
DERIVED: Final = Bilingual(zh_hans="推算", zh_hant="推算", en="derived")
CLOCKS_HEADING: Final = Bilingual(
    zh_hans="接下来的时限（仅供参考，请与法律顾问确认）",
    zh_hant="接下來的時限（僅供參考，請與法律顧問確認）",
    en="Next clocks (reference; confirm with counsel)",
)
SOURCES_HEADING: Final = Bilingual(zh_hans="来源", zh_hant="來源", en="Sources")
DUE: Final = Bilingual(zh_hans="{} 前", zh_hant="{} 前", en="by {}")
DUE_PAST: Final = Bilingual(zh_hans="已过 {}", zh_hant="已過 {}", en="past {}")
AT_ONCE: Final = Bilingual(zh_hans="立即", zh_hant="立即", en="at once")
LIMIT: Final = Bilingual(zh_hans="时限 {}", zh_hant="時限 {}", en="limit {}")
IF: Final = Bilingual(zh_hans="是否适用取决于", zh_hant="是否適用取決於", en="depends on")
AT_HOUR: Final = Bilingual(zh_hans="第 {} 小时", zh_hant="第 {} 小時", en="hour {}")
BETWEEN_HOURS: Final = Bilingual(
    zh_hans="第 {}–{} 小时之间", zh_hant="第 {}–{} 小時之間", en="between hours {} and {}"
)
COMMA: Final = Bilingual(zh_hans="，", zh_hant="，", en=",")
SEMICOLON: Final = Bilingual(zh_hans="；", zh_hant="；", en=";")
COLON: Final = Bilingual(zh_hans="：", zh_hant="：", en=":")
STATEMENT: Final = Bilingual(zh_hans="声明", zh_hant="聲明", en="Statement")
NO_JURISDICTION: Final = Bilingual(
    zh_hans="给出法域（如 CN）后，才能列出法定时限。",
    zh_hant="給出法域（如 CN）後，才能列出法定時限。",
    en="Legal clocks are listed once the jurisdiction (such as CN) is given.",
)
TRENDS: Final = {
    Trend.ROSE: Bilingual(zh_hans="上升", en="rose"),
    Trend.FELL: Bilingual(zh_hans="下降", en="fell"),
    Trend.UNCHANGED: Bilingual(zh_hans="不变", zh_hant="不變", en="unchanged"),
}
