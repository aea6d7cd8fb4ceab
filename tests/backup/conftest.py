from tests.e2e.conftest import database

__all__ = ["database"]
