from tests.node.conftest import node, store

__all__ = ["node", "store"]
