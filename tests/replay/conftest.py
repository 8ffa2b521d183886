from tests.client.conftest import stage
from tests.node.conftest import node, store

__all__ = ["node", "stage", "store"]
