"""Names as they are looked for: without case, accents and double spaces."""

import unicodedata

MOST_WORDS = 5  # of a name, by whose beginnings it is found
NO_KEYS = "-"


def key(text: str) -> str:
    """What texts are compared by: `Müller` and `MULLER` are the same."""
    folded = text.casefold()
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded)
        folded = "".join(part for part in parts if not unicodedata.combining(part))
    return " ".join(folded.split())


def keys(name: str) -> str:
    """A name's keys as the engine takes them, by line: from each of its first words to its end."""
    words = key(name).split(" ")
    found = [" ".join(words[start:]) for start in range(min(len(words), MOST_WORDS))]
    return "\n".join(dict.fromkeys(text for text in found if text)) or NO_KEYS
