"""The folding of published text before it is read, and the mending of broken encodings.

The folding, which is the only change that reading makes to the text:
1. every kind of line end becomes a line feed; a page break becomes a line of its own;
2. a run of blanks (no-break, thin and ideographic spaces, tabs) becomes one space, none at the ends of a line;
3. soft hyphens, zero-width and direction marks, control characters and byte order marks go;
4. a lone surrogate becomes the replacement character.
"""

import re
import unicodedata

PAGE_BREAK = "\f"
TERMINAL = frozenset(".!?:;。")
CLOSERS = "\"'”’»)]*"

_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x85\u2028\u2029]")
_SOFT_BREAK = re.compile(r"\u00ad[^\S\n]*\n[^\S\n]*(?=\w)")
_BLANKS = re.compile(r"[^\S\n\f]+")
_EDGE_BLANKS = re.compile(r" *\n *")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_MOJIBAKE = re.compile(
    r"(?:[ÂÃÄÅÎ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â[€\u0080-\u009f][\u0080-\u00bf™œ“”¦˜\u009d])"
)
_MAYBE_UNDEFINED = re.compile(r"[\x81\x8d\x8f\x90\x9d]")


def fold_text(text: str) -> str:
    """The text under the documented folding; pieces of a reading are slices of it."""
    text = _SURROGATE.sub("\ufffd", text)
    text = _LINE_ENDS.sub("\n", text)
    text = _SOFT_BREAK.sub("", text)
    text = "".join(ch for ch in text if not _is_invisible(ch)) if _has_invisible(text) else text
    text = _BLANKS.sub(" ", text).replace(PAGE_BREAK, f"\n{PAGE_BREAK}\n")
    return _EDGE_BLANKS.sub("\n", text).strip(" ")


def repair_mojibake(text: str) -> str:
    """UTF-8 that was once read as Windows-1252 put right, line by line; any other text is left alone."""
    if not _MOJIBAKE.search(text):
        return text
    return "\n".join(_repaired_line(line) if _MOJIBAKE.search(line) else line for line in text.split("\n"))


def joined(left: str, right: str, vocabulary: frozenset[str]) -> str:
    """Two lines of one sentence as one; a word parted by a hyphen at the line's end is made whole again.

    `vocabulary` holds the text's words, and with a hyphen at their end those that keep it ("high-").
    """
    if not left or not right:
        return left or right
    if left.endswith("/") and left[-2:-1].strip():
        return left + right
    if not re.search(r"[^\W\d_][-\u2010]$", left) or not right[0].islower():
        return f"{left} {right}"
    head = re.split(r"[^\w-]", left[:-1])[-1].casefold()
    tail = re.split(r"[^\w-]", right)[0].casefold()
    hyphenated = f"{head}-{tail}" in vocabulary or f"{head}-" in vocabulary
    return left[:-1] + right if head + tail in vocabulary or not hyphenated else left + right


def vocabulary_of(text: str) -> frozenset[str]:
    """The words of a text, hyphenated ones whole, without those cut at a line's end."""
    return frozenset(word.casefold() for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*(?!-?\n)\b", text))


def ends_sentence(text: str) -> bool:
    """Whether a line closes its sentence, closing quotes and brackets aside."""
    bare = text.rstrip(CLOSERS + " ")
    return not bare or bare[-1] in TERMINAL


def _has_invisible(text: str) -> bool:
    return any(_is_invisible(ch) for ch in set(text))


def _is_invisible(ch: str) -> bool:
    return ch not in "\n\f\t" and unicodedata.category(ch) in {"Cf", "Cc"} and not ch.isspace()


def _repaired_line(line: str) -> str:
    """One line decoded again, twice at most: pages are sometimes broken twice over."""
    for _ in range(2):
        if not _MOJIBAKE.search(line):
            break
        raw = b"".join(_byte_of(ch) for ch in line)
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError:
            return _MOJIBAKE_RUN.sub(_repaired_run, line)
    return line


_MOJIBAKE_RUN = re.compile(r"[\u0080-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2,}")


def _repaired_run(match: re.Match[str]) -> str:
    try:
        return b"".join(_byte_of(ch) for ch in match.group()).decode("utf-8")
    except UnicodeDecodeError:
        return match.group()


def _byte_of(ch: str) -> bytes:
    """The Windows-1252 byte of a character; what that table lacks passes as Latin-1 or as UTF-8."""
    if _MAYBE_UNDEFINED.match(ch):
        return bytes([ord(ch)])
    try:
        return ch.encode("cp1252")
    except UnicodeEncodeError:
        return ch.encode("utf-8")
