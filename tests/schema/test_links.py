"""Links, followed from both ends, and only to what may be seen."""

from service.domain.access import AccessRole
from service.operations.ports import Desk
from tests.library import HIJACK, OUTAGE, Client

LINKS = "links { relation outgoing reason(locale: EN) case { slug } }"


async def test_a_link_between_cases_is_seen_from_both(library: Desk, ask: Client) -> None:
    data = await ask(
        f"""{{ one: case(slug: "yuque-outage") {{ {LINKS} similar {{ slug }}
                 dissimilar {{ slug }} possiblySame {{ slug }} }}
              other: case(slug: "ap-hijack") {{ {LINKS} similar {{ slug }} }} }}"""
    )

    link = {"relation": "SIMILAR", "reason": "A slip both times"}
    assert data == {
        "one": {
            "links": [{**link, "outgoing": True, "case": {"slug": "ap-hijack"}}],
            "similar": [{"slug": "ap-hijack"}],
            "dissimilar": [],
            "possiblySame": [],
        },
        "other": {
            "links": [{**link, "outgoing": False, "case": {"slug": "yuque-outage"}}],
            "similar": [{"slug": "yuque-outage"}],
        },
    }


async def test_a_link_from_a_hidden_case_is_not_seen(library: Desk, ask: Client) -> None:
    query = '{ case(slug: "yuque-outage") { similar { slug } methods { slug } } }'

    reader = await ask(query)
    administrator = await ask(query, as_=AccessRole.ADMIN)

    assert reader["case"] == {
        "similar": [{"slug": "ap-hijack"}],
        "methods": [{"slug": "first-hour"}],
    }
    assert sorted(case["slug"] for case in administrator["case"]["similar"]) == [
        "ap-hijack",
        "secret",
    ]
    assert sorted(method["slug"] for method in administrator["case"]["methods"]) == [
        "first-hour",
        "secret-method",
    ]


async def test_a_case_leads_to_its_guides_and_they_lead_back(library: Desk, ask: Client) -> None:
    data = await ask(
        """{ case(slug: "yuque-outage") {
               methods { slug exampleCases { slug } }
               procedures { slug steps { templates { slug exampleCases { slug } }
                 methods { slug } procedures { slug } exampleCases { slug }
                 procedure { slug } } } } }"""
    )

    case = [{"slug": "yuque-outage"}]
    assert data["case"] == {
        "methods": [{"slug": "first-hour", "exampleCases": case}],
        "procedures": [
            {
                "slug": "outage",
                "steps": [
                    {
                        "templates": [{"slug": "holding", "exampleCases": case}],
                        "methods": [{"slug": "first-hour"}],
                        "procedures": [],
                        "exampleCases": case,
                        "procedure": {"slug": "outage"},
                    },
                    {
                        "templates": [],
                        "methods": [],
                        "procedures": [{"slug": "outage"}],
                        "exampleCases": [],
                        "procedure": {"slug": "outage"},
                    },
                ],
            }
        ],
    }


TYPE = """query($set: String!) { vocabulary(set: $set) { terms { code
  ... on CrisisType { cases { slug } methods { slug } procedures { slug } templates { slug } } } } }"""


async def test_a_crisis_type_leads_to_what_bears_on_it(library: Desk, ask: Client) -> None:
    data = await ask(TYPE, set="CrisisType")

    terms = {term.pop("code"): term for term in data["vocabulary"]["terms"]}
    outage = {
        "cases": [{"slug": "yuque-outage"}],
        "methods": [{"slug": "first-hour"}],
        "procedures": [{"slug": "outage"}],
        "templates": [],
    }
    hijack = {
        "cases": [{"slug": "ap-hijack"}],
        "methods": [],
        "procedures": [],
        "templates": [{"slug": "holding"}],
    }
    assert terms[OUTAGE] == terms["PUBLIC_OPINION"] == outage
    assert terms[HIJACK] == terms["DATA_SECURITY"] == hijack
    assert terms["SECONDARY"] == {"cases": [], "methods": [], "procedures": [], "templates": []}


async def test_a_strategy_leads_to_statements_and_cases(library: Desk, ask: Client) -> None:
    data = await ask(
        """{ vocabulary(set: "ResponseStrategy") { terms { code ... on ResponseStrategy {
               cases { slug } statements { totalCount edges { node { key case { slug } } } }
        } } } }"""
    )

    terms = {term.pop("code"): term for term in data["vocabulary"]["terms"]}
    yuque, hijack = {"slug": "yuque-outage"}, {"slug": "ap-hijack"}
    assert terms == {
        "REBUILD.APOLOGY": {
            "cases": [yuque],
            "statements": {
                "totalCount": 1,
                "edges": [{"node": {"key": "S-1", "case": yuque}}],
            },
        },
        "REBUILD.COMPENSATION": {"cases": [], "statements": {"totalCount": 0, "edges": []}},
        "DENY.DENIAL": {
            "cases": [yuque, hijack],
            "statements": {
                "totalCount": 2,
                "edges": [
                    {"node": {"key": "S-2", "case": yuque}},
                    {"node": {"key": "S-1", "case": hijack}},
                ],
            },
        },
    }


async def test_a_metric_leads_to_what_was_observed(library: Desk, ask: Client) -> None:
    data = await ask(
        """{ vocabulary(set: "Metric") { terms { code ... on Metric { unit better amecLevel
               cases { slug } observations(first: 1) { totalCount edges { node { value } }
               pageInfo { hasNextPage } } } } } }"""
    )

    churn, users = data["vocabulary"]["terms"]
    assert churn == {
        "code": "CHURN_RATE",
        "unit": "%",
        "better": "LOWER",
        "amecLevel": "IMPACT",
        "cases": [{"slug": "yuque-outage"}, {"slug": "ap-hijack"}],
        "observations": {
            "totalCount": 2,
            "edges": [{"node": {"value": 5}}],
            "pageInfo": {"hasNextPage": True},
        },
    }
    assert users["observations"]["totalCount"] == 1


async def test_a_source_leads_to_all_that_cite_it(library: Desk, ask: Client) -> None:
    data = await ask(
        """{ case(slug: "ap-hijack") { sources { citedBy { __typename ... on Case { slug } } } } }"""
    )

    cases = ("yuque-outage", "ap-hijack")
    assert data["case"]["sources"] == [
        {"citedBy": [{"__typename": "Case", "slug": slug} for slug in cases]}
    ]
