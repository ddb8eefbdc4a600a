"""A small library of the test's own, and the desk and client to work with it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
from starlette.applications import Starlette

from service.domain.access import OPERATOR, AccessRole
from service.domain.entries import DOCUMENT, Document
from service.domain.files import FileDocument
from service.operations.ports import Desk
from service.operations.publishing import Imported, import_documents

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

OUTAGE = "PUBLIC_OPINION.PRODUCT_SERVICE_COMPLAINT.SERVICE_OUTAGE"
HIJACK = "DATA_SECURITY.ACCOUNT_COMPROMISE"
BREACH = "DATA_SECURITY.PRIVACY_BREACH"


def both(zh_hans: str, en: str) -> dict[str, str]:
    """A bilingual text."""
    return {"zh_hans": zh_hans, "en": en}


def term(code: str, zh_hans: str, en: str, *aliases: str) -> dict[str, Any]:
    """A term of a vocabulary."""
    label = {"zh_hans": zh_hans, "zh_hant": zh_hans, "en": en}
    return {"code": code, "label": label, "aliases": list(aliases)}


def vocabulary(set_name: str, slug: str, *terms: dict[str, Any]) -> Document:
    """A vocabulary."""
    return DOCUMENT.validate_python(
        {
            "entry": "VOCABULARY",
            "slug": slug,
            "set": set_name,
            "title": both(set_name, set_name),
            "terms": list(terms),
        }
    )


def a_case(slug: str, number: int, **fields: Any) -> Document:
    """A case with what a case must have, and the fields that matter to the test."""
    source = {"key": "S1", "title": "A report", "url": f"https://example.org/{slug}"}
    return DOCUMENT.validate_python(
        {
            "entry": "CASE",
            "slug": slug,
            "number": f"CASE-{number:04d}",
            "title": both(f"案例{number}", f"Case {number}"),
            "summary": both(f"第{number}个案例的经过", f"What happened in case {number}"),
            "organisation": {"name": both(f"公司{number}", f"Company {number}")},
            "industry": "OTHER",
            "provenance": "PUBLIC_SOURCED",
            "primary_type": OUTAGE,
            "sources": [{**source, "reliability": "B"}],
            **fields,
        }
    )


def a_statement(key: str, **fields: Any) -> dict[str, Any]:
    """A statement of a case."""
    return {
        "key": key,
        "kind": "HOLDING",
        "key_messages": [both("正在核实", "We are checking")],
        "citations": ["S1"],
        **fields,
    }


def an_outcome(metric: str, value: float, unit: str = "PERCENT", **fields: Any) -> dict[str, Any]:
    """A measured outcome of a case."""
    return {"metric": metric, "value": value, "unit": unit, "citations": ["S1"], **fields}


def a_method(slug: str, **fields: Any) -> Document:
    """A method with what a method must have."""
    return DOCUMENT.validate_python(
        {
            "entry": "METHOD",
            "slug": slug,
            "title": both("方法", "A method"),
            "summary": both("讲什么", "What it says"),
            "evidence_level": "PRACTITIONER",
            "body": both("正文", "The article"),
            **fields,
        }
    )


def a_step(key: str, **fields: Any) -> dict[str, Any]:
    """A step of a procedure."""
    return {
        "key": key,
        "phase": "RESPONSE",
        "role": "PR",
        "title": both("第一步", "First step"),
        "do": [both("核实事实", "Check the facts")],
        **fields,
    }


def a_procedure(slug: str, *steps: dict[str, Any], **fields: Any) -> Document:
    """A procedure with these steps, or with one."""
    return DOCUMENT.validate_python(
        {
            "entry": "PROCEDURE",
            "slug": slug,
            "title": both("流程", "A procedure"),
            "summary": both("管什么", "What it covers"),
            "steps": list(steps) or [a_step("one")],
            **fields,
        }
    )


def a_template(slug: str, **fields: Any) -> Document:
    """A statement template without slots."""
    return DOCUMENT.validate_python(
        {
            "entry": "STATEMENT_TEMPLATE",
            "slug": slug,
            "title": both("模板", "A template"),
            "summary": both("何时用", "What it is for"),
            "kind": "HOLDING",
            "phases": ["RESPONSE"],
            "channels": ["OWNED_ACCOUNT"],
            "use_when": [both("刚知道", "Just known")],
            "do_not_use_when": [both("已查清", "All is known")],
            "body": both("我们正在核实。", "We are checking."),
            **fields,
        }
    )


def small_vocabularies() -> list[Document]:
    """The vocabularies the small library needs, and no more."""
    codes = {
        "AmecLevel": ["OUTCOME", "IMPACT"],
        "CaseProvenance": ["PUBLIC_SOURCED", "SEED_ANONYMOUS", "SYNTHETIC"],
        "CauseOrigin": ["UNKNOWN", "INTRUDER", "TECHNICAL_FAILURE"],
        "ChannelKind": ["OWNED_ACCOUNT", "OWNED_SITE"],
        "CrisisCluster": ["UNDETERMINED", "VICTIM", "ACCIDENTAL"],
        "EvidenceLevel": ["PRACTITIONER"],
        "Industry": ["OTHER", "GAMES"],
        "InformationCredibility": [f"CRED_{n}" for n in range(1, 7)],
        "Phase": ["RESPONSE", "REVIEW"],
        "Platform": ["WEIBO", "X"],
        "ResponseStrategy": ["REBUILD.APOLOGY", "REBUILD.COMPENSATION", "DENY.DENIAL"],
        "RiskLevel": ["LOW", "MEDIUM", "HIGH"],
        "Role": ["PR", "LEGAL"],
        "Sentiment": ["UNKNOWN", "NEGATIVE"],
        "SharingMarking": ["TLP_CLEAR", "TLP_GREEN", "TLP_AMBER", "TLP_RED"],
        "SourceReliability": list("ABCDEF"),
        "StatementKind": ["HOLDING", "FULL_STATEMENT", "CORRECTION"],
        "StatementRule": ["EMPTY_WORDS"],
        "Unit": ["PERCENT", "PERSON", "HOUR"],
        "Verdict": ["GAIN", "LOSS", "MIXED"],
    }
    plain = [
        vocabulary(name, f"v{n:02d}", *(term(code, code, code) for code in held))
        for n, (name, held) in enumerate(codes.items())
    ]
    types = vocabulary(
        "CrisisType",
        "crisis-type",
        term("PUBLIC_OPINION", "负面舆情爆发", "Outbreak of negative opinion"),
        term("PUBLIC_OPINION.PRODUCT_SERVICE_COMPLAINT", "产品投诉", "Complaint"),
        term(OUTAGE, "系统故障", "Service outage", "崩了", "宕机"),
        term("DATA_SECURITY", "数据安全事件", "Data-security incident"),
        term(HIJACK, "账号被盗", "Account compromise", "盗号"),
        term(BREACH, "隐私泄露", "Privacy breach"),
        term("SECONDARY", "次生风险", "Secondary risk"),
        term("SECONDARY.LITIGATION", "诉讼", "Litigation"),
    )
    metrics = vocabulary(
        "Metric",
        "metric",
        *(
            {
                **term(code, code, code),
                "metric": {"unit": "%", "better": "LOWER", "amec_level": "IMPACT"},
            }
            for code in ("CHURN_RATE", "AFFECTED_USERS")
        ),
    )
    return [*plain, types, metrics]


def files(documents: Iterable[Document]) -> list[FileDocument]:
    """Documents as if each had been read from a file."""
    return [FileDocument(document, f"{document.slug}.yaml", {}) for document in documents]


async def publish(desk: Desk, *documents: Document) -> Imported:
    """Take documents into the library as its operator."""
    return await import_documents(desk, OPERATOR, files(documents))


@dataclass(slots=True)
class Client:
    """Asks the real application over ASGI, as whoever the token stands for."""

    app: Starlette
    tokens: dict[AccessRole, str]
    _client: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        transport = httpx.ASGITransport(app=self.app)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://precedent")

    async def __call__(
        self, document: str, /, *, as_: AccessRole = AccessRole.READER, **variables: Any
    ) -> dict[str, Any]:
        """The data of an answer without errors."""
        answer = await self.answer(document, as_=as_, **variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def answer(
        self, document: str, /, *, as_: AccessRole = AccessRole.READER, **variables: Any
    ) -> dict[str, Any]:
        """The whole answer."""
        response = await self.post(
            {"query": document, "variables": variables}, token=self.tokens[as_]
        )
        answer: dict[str, Any] = response.json()
        return answer

    async def post(self, body: Any, *, token: str | None) -> httpx.Response:
        """The response to a JSON body with a token, or without."""
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        return await self._client.post("/graphql", json=body, headers=headers)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """The response to a GET."""
        return await self._client.get(path, headers=headers)

    async def request(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """The response to any request."""
        return await self._client.request(method, path, **arguments)

    async def aclose(self) -> None:
        """Close the client."""
        await self._client.aclose()


ClientMaker = Callable[..., Client]
