"""How customers and words are compared: as in the store, so that the same is found among live and ended cases."""

from casebaton.store.customers import key_of as customer_key
from casebaton.store.names import key as folded

__all__ = ["customer_key", "folded"]
