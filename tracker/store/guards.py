"""Triggers that keep a table append only, for the migrations."""


def guard(table: str, *, lite: bool) -> list[str]:
    """The SQL statements that make the database refuse to change or remove a row; `lite` = SQLite."""
    return guard_lite(table) if lite else guard_server(table)


def guard_lite(table: str) -> list[str]:
    """Triggers of SQLite that refuse UPDATE and DELETE."""
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append only'); END"
        for verb in ("update", "delete")
    ]


def guard_server(table: str) -> list[str]:
    """Triggers of PostgreSQL that refuse UPDATE, DELETE and TRUNCATE."""
    name = f"{table}_append_only"
    body = f"BEGIN RAISE EXCEPTION '{table} is append only'; END"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} EXECUTE FUNCTION {name}()",
    ]
