"""A small reader of Parquet files, written from the format's specification alone (github.com/apache/parquet-format: README.md,
parquet.thrift, Encodings.md, LogicalTypes.md, PageIndex.md) so that the tests judge by another reading of it than the program's.
It reads what a file of any writer may have of: data pages v1, PLAIN, RLE_DICTIONARY, zstd; and checks what can be checked."""

import json
import struct
import subprocess
from decimal import Decimal

BOOLEAN, INT32, INT64, BYTE_ARRAY, FIXED = 0, 1, 2, 6, 7
REQUIRED, OPTIONAL, REPEATED = 0, 1, 2
PLAIN, RLE, RLE_DICTIONARY = 0, 3, 8
DATA_PAGE, DICTIONARY_PAGE = 0, 2
ZSTD = 6


class Thrift:
    """The compact protocol: a structure is a dict by field id."""

    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def zigzag(self):
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def value(self, kind):
        if kind in (1, 2):
            return self.byte() == 1  # an element of a list
        if kind == 3:
            return struct.unpack("b", bytes([self.byte()]))[0]
        if kind in (4, 5, 6):
            return self.zigzag()
        if kind == 8:
            size = self.varint()
            self.at += size
            assert self.at <= len(self.data)
            return bytes(self.data[self.at - size:self.at])
        if kind == 9:
            head = self.byte()
            size = head >> 4 if head >> 4 < 15 else self.varint()
            return [self.value(head & 15) for _ in range(size)]
        assert kind == 12, kind
        return self.struct()

    def struct(self):
        fields, last = {}, 0
        while True:
            head = self.byte()
            if head == 0:
                return fields
            last = last + (head >> 4) if head >> 4 else self.zigzag()
            assert last not in fields
            kind = head & 15
            fields[last] = kind == 1 if kind in (1, 2) else self.value(kind)


class Node:
    """An element of the schema with its levels."""

    def __init__(self, element, above):
        self.name = element[4].decode()
        self.element = element
        self.repetition = element.get(3)
        self.max_r = above.max_r + (self.repetition == REPEATED) if above else 0
        self.max_d = above.max_d + (self.repetition != REQUIRED) if above else 0
        self.path = above.path + [self.name] if above else []
        self.children = []

    @property
    def is_list(self):
        return list(self.element.get(10, {})) == [3]

    def leaves(self):
        return [leaf for child in self.children for leaf in child.leaves()] if self.children else [self]

    def kind(self):
        """("DECIMAL", 6, 2), ("INSTANT",), …: by the logical type, which the converted type must agree with."""
        element, physical = self.element, self.element[1]
        logical, converted = element.get(10, {}), element.get(6)
        which, words = next(iter(logical.items())) if logical else (None, {})
        if which is None:
            assert physical == BOOLEAN and converted is None, element
            return ("BOOLEAN",)
        if which == 5:
            assert converted == 5 and element[7] == words[1] and element[8] == words[2], element
            digits = {INT32: 9, INT64: 18, FIXED: 38}[physical]
            assert 0 < words[2] <= digits and 0 <= words[1] <= words[2], element
            assert physical != FIXED or element[2] == 16
            return ("DECIMAL", words[2], words[1])
        if which in (7, 8):
            assert physical == INT64 and list(words[2]) == [2] and converted == {7: 8, 8: 10}[which], element
            return ("TIME",) if which == 7 else (("INSTANT",) if words[1] else ("LOCAL",))
        names = {1: ("STRING", BYTE_ARRAY, 0), 12: ("JSON", BYTE_ARRAY, 19), 6: ("DATE", INT32, 6), 10: ("INT64", INT64, 18)}
        name, of, legacy = names[which]
        assert (physical, converted) == (of, legacy), element
        assert which != 10 or words == {1: 64, 2: True}, element
        return (name,)


def schema_of(elements):
    left = list(elements)

    def take(above):
        element = left.pop(0)
        node = Node(element, above)
        assert (1 in element) == (5 not in element), element
        node.children = [take(node) for _ in range(element.get(5, 0))]
        if node.is_list:
            assert element.get(6) == 3 and [c.name for c in node.children] == ["list"]
            assert node.children[0].repetition == REPEATED and [c.name for c in node.children[0].children] == ["element"]
        return node

    root = take(None)
    assert not left
    return root


def hybrid(data, width, count):
    """Runs and packed values; gives the values and where they end."""
    thrift, values = Thrift(data), []
    while len(values) < count:
        head = thrift.varint()
        if head & 1:
            size = (head >> 1) * width
            bits = int.from_bytes(data[thrift.at:thrift.at + size], "little")
            thrift.at += size
            values += [(bits >> i * width) & ((1 << width) - 1) for i in range((head >> 1) * 8)]
        else:
            size = (width + 7) // 8
            value = int.from_bytes(data[thrift.at:thrift.at + size], "little")
            assert head >> 1 > 0 and value < 1 << width
            thrift.at += size
            values += [value] * (head >> 1)
    assert not any(values[count:]) and thrift.at <= len(data)
    return values[:count], thrift.at


def plain(data, node, count):
    physical, values, at = node.element[1], [], 0
    if physical == BOOLEAN:
        values = [bool(data[i // 8] >> i % 8 & 1) for i in range(count)]
        at = (count + 7) // 8
    elif physical == BYTE_ARRAY:
        for _ in range(count):
            size = struct.unpack_from("<I", data, at)[0]
            values.append(bytes(data[at + 4:at + 4 + size]))
            at += 4 + size
    elif physical == FIXED:
        values = [bytes(data[i * 16:i * 16 + 16]) for i in range(count)]
        at = 16 * count
    else:
        size = 4 if physical == INT32 else 8
        values = list(struct.unpack_from(f"<{count}{'i' if size == 4 else 'q'}", data))
        at = size * count
    assert at == len(data), (at, len(data))
    return values


class Page:
    pass


class File:
    def __init__(self, data):
        self.data = data = memoryview(data)
        assert data[:4] == b"PAR1" and data[-4:] == b"PAR1"
        length = struct.unpack("<I", data[-8:-4])[0]
        footer = Thrift(data[-8 - length:-8])
        self.meta = footer.struct()
        assert footer.at == length
        self.root = schema_of(self.meta[2])
        self.leaves = self.root.leaves()
        self.groups = self.meta[4]
        assert self.meta[1] == 1 and self.meta[3] == sum(group[3] for group in self.groups)
        assert self.meta[7] == [{1: {}}] * len(self.leaves)
        self.covered = [(0, 4), (len(data) - 8 - length, len(data))]
        self.bodies = None

    def kinds(self):
        """{"a.b": ("DATE",)} of all leaves, lists without their two levels between."""
        return {".".join(name for name in leaf.path): leaf.kind() for leaf in self.leaves}

    def chunk_pages(self, group, i):
        chunk = self.groups[group][1][i]
        assert chunk[2] == 0
        meta, leaf = chunk[3], self.leaves[i]
        assert meta[1] == leaf.element[1] and [n.decode() for n in meta[3]] == leaf.path and meta[4] == ZSTD
        at = meta.get(11, meta[9])
        end, pages, values, unpacked = at + meta[7], [], 0, 0
        self.covered.append((at, end))
        while at < end:
            page, thrift = Page(), Thrift(self.data, at)
            page.header = thrift.struct()
            page.offset, page.body = at, (thrift.at, thrift.at + page.header[3])
            unpacked += thrift.at - at + page.header[2]
            at = page.body[1]
            page.size = at - page.offset
            if page.header[1] == DATA_PAGE:
                assert pages or page.offset == meta[9]
                page.count, page.encoding = page.header[5][1], page.header[5][2]
                assert page.header[5][3] == page.header[5][4] == RLE
                values += page.count
            else:
                assert page.header[1] == DICTIONARY_PAGE and not pages and page.offset == meta[11] and page.header[7][2] == PLAIN
                assert 11 in meta
            pages.append(page)
        assert at == end and values == meta[5] and unpacked == meta[6], (leaf.path, values, meta)
        used = {RLE} | {page.encoding for page in pages if page.header[1] == DATA_PAGE}
        used |= {PLAIN} if 11 in meta else set()
        assert used <= set(meta[2]), (used, meta[2])
        stats = {}
        for page in pages:
            key = (page.header[1], page.encoding if page.header[1] == DATA_PAGE else PLAIN)
            stats[key] = stats.get(key, 0) + 1
        assert stats == {(one[1], one[2]): one[3] for one in meta[13]}
        return pages

    def unpack(self):
        """The bodies of all pages: zstd takes frames that follow one another."""
        self.pages = {(g, i): self.chunk_pages(g, i) for g in range(len(self.groups)) for i in range(len(self.leaves))}
        frames = b"".join(bytes(self.data[slice(*page.body)]) for pages in self.pages.values() for page in pages)
        done = subprocess.run(["zstd", "-d", "-c", "-q"], input=frames, capture_output=True, check=True) if frames else None
        text, at = memoryview(done.stdout if done else b""), 0
        for pages in self.pages.values():
            for page in pages:
                page.text = text[at:at + page.header[2]]
                at += page.header[2]
        assert at == len(text)

    def column(self, group, i):
        """[(repetition level, definition level, value)] of a chunk, and checks its statistics and indexes."""
        leaf, entries, dictionary, bounds = self.leaves[i], [], None, []
        for page in self.pages[group, i]:
            text = page.text
            if page.header[1] == DICTIONARY_PAGE:
                dictionary = plain(text, leaf, page.header[7][1])
                assert len(set(dictionary)) == len(dictionary)
                continue
            levels = []
            for most in (leaf.max_r, leaf.max_d):
                if most == 0:
                    levels.append([0] * page.count)
                    continue
                size = struct.unpack_from("<I", text)[0]
                runs, end = hybrid(text[4:4 + size], most.bit_length(), page.count)
                assert end == size and max(runs, default=0) <= most
                levels.append(runs)
                text = text[4 + size:]
            there = sum(d == leaf.max_d for d in levels[1])
            if page.encoding == RLE_DICTIONARY:
                indices, end = hybrid(text[1:], text[0], there)
                assert end == len(text) - 1
                values = [dictionary[index] for index in indices]
            else:
                assert page.encoding == PLAIN
                values = plain(text, leaf, there)
            bounds.append((page, values, page.count - there, sum(r == 0 for r in levels[0])))
            assert not levels[0] or levels[0][0] == 0  # a page begins with a row
            each = iter(values)
            entries += [(r, d, next(each) if d == leaf.max_d else None) for r, d in zip(*levels)]
        self.check_bounds(group, i, bounds)
        return entries

    def check_bounds(self, group, i, pages):
        chunk, leaf = self.groups[group][1][i], self.leaves[i]
        meta, kind = chunk[3], leaf.kind()
        order = (lambda v: int.from_bytes(v, "big", signed=True)) if leaf.element[1] == FIXED else (lambda v: v)

        def read(bound):
            return plain(bound, leaf, 1)[0] if leaf.element[1] in (INT32, INT64, BOOLEAN) else bound

        def check(least, most, values, exact=(False, False)):
            if kind in (("STRING",),):
                least.decode(), most.decode()
                assert len(least) <= 67 or exact[0]
            least, most = order(read(least)), order(read(most))
            values = [order(value) for value in values]
            assert least <= min(values) and max(values) <= most, (leaf.path, least, most)
            assert not exact[0] or least == min(values)
            assert not exact[1] or most == max(values)

        statistics = meta[12]
        assert statistics[3] == sum(nulls for _, _, nulls, _ in pages)
        everything = [value for _, values, _, _ in pages for value in values]
        assert (6 in statistics) == (5 in statistics)
        if 6 in statistics:
            check(statistics[6], statistics[5], everything, (statistics[8], statistics[7]))
        else:
            assert kind == ("JSON",) or not everything or max(map(len, everything)) > 64, leaf.path
        where = Thrift(self.data, chunk[4])
        index = where.struct()[1]
        assert where.at == chunk[4] + chunk[5]
        self.covered.append((chunk[4], where.at))
        first_row = 0
        for (page, _, _, rows), place in zip(pages, index, strict=True):
            assert place == {1: page.offset, 2: page.size, 3: first_row}, (leaf.path, place)
            first_row += rows
        assert first_row == self.groups[group][3]
        if 6 not in chunk:
            assert kind == ("JSON",) or 6 not in statistics
            return
        where = Thrift(self.data, chunk[6])
        index = where.struct()
        assert where.at == chunk[6] + chunk[7]
        self.covered.append((chunk[6], where.at))
        for (page, values, nulls, _), blank, least, most, count in zip(pages, index[1], index[2], index[3], index[5], strict=True):
            assert count == nulls and blank == (not values)
            if values:
                check(least, most, values)
            else:
                assert least == most == b""

    def rows(self):
        """Every row as a dict; values by their logical types: str, Decimal, bool, int (days, microseconds), (JSON text,)."""
        self.unpack()
        made = []
        for g, group in enumerate(self.groups):
            by_leaf = []
            for i in range(len(self.leaves)):
                rows = []
                for entry in self.column(g, i):
                    if entry[0] == 0:
                        rows.append([])
                    rows[-1].append(entry)
                assert len(rows) == group[3]
                by_leaf.append(rows)
            below = {child.name: [i for i, leaf in enumerate(self.leaves) if leaf.path[0] == child.name] for child in self.root.children}
            for row in range(group[3]):
                made.append({child.name: assembled(child, {tuple(self.leaves[i].path): by_leaf[i][row] for i in below[child.name]})
                             for child in self.root.children})
        self.check_covered()
        return made

    def check_covered(self):
        """Every byte of the file belongs to something, and to one thing."""
        at = 0
        for begin, end in sorted(self.covered):
            assert begin == at, (at, begin)
            at = end
        assert at == len(self.data)


def assembled(node, parts):
    parts = {path: part for path, part in parts.items() if list(path[:len(node.path)]) == node.path}
    if not node.children:
        [[(_, d, value)]] = parts.values()
        return typed(node, value) if d == node.max_d else None
    if not node.is_list:
        return {child.name: assembled(child, parts) for child in node.children}
    inner = node.children[0]
    levels = {part[0][1] for part in parts.values()}
    if max(levels) < inner.max_d:
        assert len(levels) == 1 and all(len(part) == 1 for part in parts.values())
        return [] if levels == {node.max_d} else None
    items = []
    for path, part in parts.items():
        split = []
        for entry in part:
            if not split or entry[0] <= inner.max_r:
                split.append([])
            split[-1].append(entry)
        items.append((path, split))
    assert len({len(split) for _, split in items}) == 1
    return [assembled(inner.children[0], {path: split[i] for path, split in items}) for i in range(len(items[0][1]))]


def typed(node, value):
    kind = node.kind()
    if kind == ("STRING",):
        return value.decode()
    if kind == ("JSON",):
        return (value.decode(),)
    if kind[0] == "DECIMAL":
        number = int.from_bytes(value, "big", signed=True) if isinstance(value, bytes) else value
        assert abs(number) < 10 ** kind[1]
        return Decimal(f"{number}e{-kind[2]}")
    return Decimal(value) if kind == ("INT64",) else value


if __name__ == "__main__":
    import sys

    for name in sys.argv[1:]:
        with open(name, "rb") as stream:
            file = File(stream.read())
        print(json.dumps({path: " ".join(map(str, kind)) for path, kind in file.kinds().items()}, indent=1))
        for line in file.rows():
            print(line)
