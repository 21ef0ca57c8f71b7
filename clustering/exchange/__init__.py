"""Reading and writing other people's formats; the only place in `clustering` with other people's words."""

from clustering.exchange.export import Export
from clustering.exchange.polis_export import read_polis_export

__all__ = ["Export", "read_polis_export"]
