"""Every listing and tree at the root."""

from typing import Any

from service.operations.ports import Desk
from tests.library import OUTAGE, Client

ROOTS: list[tuple[str, str, Any]] = [
    (
        "cases",
        "cases { totalCount edges { node { number } } }",
        {
            "totalCount": 2,
            "edges": [{"node": {"number": "CASE-0001"}}, {"node": {"number": "CASE-0002"}}],
        },
    ),
    (
        "statements",
        "statements { totalCount edges { node { key kind case { slug } supersedes { key } } } }",
        {
            "totalCount": 3,
            "edges": [
                {
                    "node": {
                        "key": "S-1",
                        "kind": "HOLDING",
                        "case": {"slug": "yuque-outage"},
                        "supersedes": None,
                    }
                },
                {
                    "node": {
                        "key": "S-2",
                        "kind": "CORRECTION",
                        "case": {"slug": "yuque-outage"},
                        "supersedes": {"key": "S-1"},
                    }
                },
                {
                    "node": {
                        "key": "S-1",
                        "kind": "HOLDING",
                        "case": {"slug": "ap-hijack"},
                        "supersedes": None,
                    }
                },
            ],
        },
    ),
    (
        "outcomeMetrics",
        """outcomeMetrics(orderBy: {field: VALUE, direction: DESC}) { totalCount edges { node {
             metric { code } value change changeUnknownBecause(locale: EN) trend comparator unit
        } } }""",
        {
            "totalCount": 3,
            "edges": [
                {
                    "node": {
                        "metric": {"code": "AFFECTED_USERS"},
                        "value": 1000,
                        "change": None,
                        "changeUnknownBecause": "No baseline is known",
                        "trend": None,
                        "comparator": "GE",
                        "unit": "PERSON",
                    }
                },
                {
                    "node": {
                        "metric": {"code": "CHURN_RATE"},
                        "value": 5,
                        "change": 3,
                        "changeUnknownBecause": None,
                        "trend": None,
                        "comparator": "EQ",
                        "unit": "PERCENT",
                    }
                },
                {
                    "node": {
                        "metric": {"code": "CHURN_RATE"},
                        "value": None,
                        "change": None,
                        "changeUnknownBecause": "The source gives no value",
                        "trend": "FELL",
                        "comparator": "EQ",
                        "unit": "PERCENT",
                    }
                },
            ],
        },
    ),
    (
        "methods",
        "methods { totalCount edges { node { slug body(locale: EN) evidenceLevel phases } } }",
        {
            "totalCount": 1,
            "edges": [
                {
                    "node": {
                        "slug": "first-hour",
                        "body": "The article",
                        "evidenceLevel": "PRACTITIONER",
                        "phases": ["RESPONSE"],
                    }
                }
            ],
        },
    ),
    ("method", 'method(slug: "first-hour") { slug }', {"slug": "first-hour"}),
    (
        "procedures",
        "procedures { totalCount edges { node { slug steps { key clocks { limit startsFrom } } } } }",
        {
            "totalCount": 1,
            "edges": [
                {
                    "node": {
                        "slug": "outage",
                        "steps": [
                            {
                                "key": "a",
                                "clocks": [{"limit": "PT30M", "startsFrom": "DETECTED"}],
                            },
                            {"key": "b", "clocks": []},
                        ],
                    }
                }
            ],
        },
    ),
    (
        "procedure",
        'procedure(slug: "outage") { accountHolder crisisTypes { code } }',
        {"accountHolder": "ORGANISATION", "crisisTypes": [{"code": OUTAGE}]},
    ),
    (
        "statementTemplates",
        "statementTemplates { totalCount edges { node { slug } } }",
        {"totalCount": 1, "edges": [{"node": {"slug": "holding"}}]},
    ),
    (
        "statementTemplate",
        """statementTemplate(slug: "holding") {
             body(locale: EN) kind useWhen(locale: EN) doNotUseWhen channels slots { name } }""",
        {
            "body": "We are checking.",
            "kind": "HOLDING",
            "useWhen": ["Just known"],
            "doNotUseWhen": ["已查清"],
            "channels": ["OWNED_ACCOUNT"],
            "slots": [],
        },
    ),
    (
        "crisisTypes",
        "crisisTypes { code children { code } }",
        [
            {
                "code": "PUBLIC_OPINION",
                "children": [{"code": "PUBLIC_OPINION.PRODUCT_SERVICE_COMPLAINT"}],
            },
            {
                "code": "DATA_SECURITY",
                "children": [
                    {"code": "DATA_SECURITY.ACCOUNT_COMPROMISE"},
                    {"code": "DATA_SECURITY.PRIVACY_BREACH"},
                ],
            },
            {"code": "SECONDARY", "children": [{"code": "SECONDARY.LITIGATION"}]},
        ],
    ),
    (
        "vocabulary",
        'vocabulary(set: "Platform") { set open terms { code set } }',
        {
            "set": "Platform",
            "open": False,
            "terms": [{"code": "WEIBO", "set": "Platform"}, {"code": "X", "set": "Platform"}],
        },
    ),
    (
        "sources",
        "sources { totalCount edges { node { title citedBy { __typename } } } }",
        {
            "totalCount": 1,
            "edges": [
                {
                    "node": {
                        "title": "A report",
                        "citedBy": [{"__typename": "Case"}, {"__typename": "Case"}],
                    }
                }
            ],
        },
    ),
    (
        "library",
        """library { revision counts { cases statements outcomeMetrics methods procedures
             statementTemplates vocabularies sources } }""",
        {
            "revision": 1,
            "counts": {
                "cases": 2,
                "statements": 3,
                "outcomeMetrics": 3,
                "methods": 1,
                "procedures": 1,
                "statementTemplates": 1,
                "vocabularies": 22,
                "sources": 1,
            },
        },
    ),
]


async def test_each_root_field_gives_what_the_library_holds(library: Desk, ask: Client) -> None:
    found = {name: (await ask(f"{{ {query} }}"))[name] for name, query, _ in ROOTS}

    assert found == {name: expected for name, _, expected in ROOTS}


async def test_the_vocabularies_stand_in_the_order_of_their_sets(
    library: Desk, ask: Client
) -> None:
    data = await ask("{ vocabularies { set } }")

    sets = [vocabulary["set"] for vocabulary in data["vocabularies"]]
    assert sets == sorted(sets)
    assert len(sets) == 22
