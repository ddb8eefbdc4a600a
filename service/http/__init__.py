"""HTTP: the GraphQL view, GraphiQL, health, and what every request passes through."""
