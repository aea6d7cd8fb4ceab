"""The command line in a workspace with the sample city's registry and a judged sweep s1."""

from tests.cli.conftest import _alone, _sample, bare, home, judged, run, table  # noqa: F401  # fixtures
