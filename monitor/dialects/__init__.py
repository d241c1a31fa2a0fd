"""Queries of other products in our language, with every change of meaning told. Pure.

tree (what a query says) ─ grammar, a file a dialect (how it is read) ─ fitting (to what ours says) ─ writing
Where a dialect itself has two readings, one is taken and the other is told.
"""

from monitor.dialects.importing import DIALECTS, Imported, import_query
from monitor.dialects.tree import Change, ChangeKind, DialectError

__all__ = ["DIALECTS", "Change", "ChangeKind", "DialectError", "Imported", "import_query"]
