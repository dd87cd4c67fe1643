#!/usr/bin/env python3
# Copyright the NI tokenomics developers.
# SPDX-License-Identifier: Apache-2.0
"""The memory walk as docs/memory-walk.md has it, in Python and nothing but its standard
library: the second implementation, which the golden vectors come from.

    memory_walk.py write    writes memory-walk-v2.json and memory-walk-v2-refused.json
    memory_walk.py check    compares both files with what would be written
    memory_walk.py verify F verifies a bundle

It is written to be read beside the text, section by section, and is slow.
"""

import hashlib
import json
import pathlib
import struct
import sys

HERE = pathlib.Path(__file__).parent
GOLDEN = HERE / "memory-walk-v2.json"
REFUSED = HERE / "memory-walk-v2-refused.json"


# --- Notation -------------------------------------------------------------------------


def H(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def le(number):
    return struct.pack("<I", number)


def words(data):
    return list(struct.unpack(f"<{len(data) // 4}I", data))


# --- The permutation: CubeHash's round on 32 words ------------------------------------


def rotate(word, bits):
    return ((word << bits) | (word >> (32 - bits))) & 0xFFFFFFFF


def permute(x, rounds):
    x = list(x)
    for _ in range(rounds):
        for rotation, low, high in ((7, 8, 2), (11, 4, 1)):
            for i in range(16):
                x[16 + i] = (x[16 + i] + x[i]) & 0xFFFFFFFF
            for i in range(16):
                x[i] = rotate(x[i], rotation)
            x[:16] = [x[i ^ low] for i in range(16)]
            for i in range(16):
                x[i] ^= x[16 + i]
            x[16:] = [x[16 + (i ^ high)] for i in range(16)]
    return x


# --- Parameters and challenges --------------------------------------------------------

NAMES = ("pages", "page_bits", "rounds", "lanes", "hops", "passes")


def walk_challenge(challenge, p):
    return H(b"WALK", le(2), challenge, *(le(p[name]) for name in NAMES))


def joined_challenge(challenge, walk_root):
    return H(b"JOIN", challenge, walk_root)


def check_parameters(p):
    if not 1 <= p["pages"] <= 512:
        return "pages"
    if not 0 <= p["page_bits"] <= 23:
        return "page_bits"
    if not 8 <= p["rounds"] <= 4096:
        return "rounds"
    if p["lanes"] not in [64 << i for i in range(17)]:
        return "lanes"
    if not 1 <= p["hops"] <= 64 or p["rounds"] * p["hops"] > 1 << 15:
        return "hops"
    if not 0 <= p["passes"] <= 1024:
        return "passes"
    return None


# --- The fill -------------------------------------------------------------------------


def seeded(key, number, tag):
    return words(key) + [number] + words(tag) + [0] * 22


def entry(omega, number, rounds):
    return permute(seeded(omega, number, b"FILL"), rounds)


# --- A lane ---------------------------------------------------------------------------


def next_entry(x, p):
    page = (x[0] * p["pages"]) >> 32
    slot = x[1] % (1 << p["page_bits"])
    return (page << p["page_bits"]) + slot


def walk_lane(key, lane, p, read):
    """The numbers of the entries that the lane reads, and its mark."""
    x = permute(seeded(key, lane, b"LANE"), 8)
    visited = []
    for _ in range(p["hops"]):
        number = next_entry(x, p)
        visited.append(number)
        x = permute([a ^ b for a, b in zip(x, read(number))], 4)
    return visited, permute(x, 4)[0]


# --- Batches and the commitment -------------------------------------------------------


def leaf(batch, group, marks):
    return H(b"LEAF", le(batch), le(group), *(le(mark) for mark in marks))


def node(left, right):
    return H(b"NODE", left, right)


def parent(left, right):
    return H(b"MMRN", left, right)


def levels(nodes, join):
    """All levels of a perfect binary tree, the leaves first."""
    result = [nodes]
    while len(result[-1]) > 1:
        below = result[-1]
        result.append([join(below[i], below[i + 1]) for i in range(0, len(below), 2)])
    return result


def siblings(tree, index):
    return [level[(index >> height) ^ 1] for height, level in enumerate(tree[:-1])]


def mountains(count):
    """First element and height of each mountain over so many, the oldest first."""
    result, first = [], 0
    for height in reversed(range(31)):
        if count >> height & 1:
            result.append((first, height))
            first += 1 << height
    return result


def peaks_of(roots):
    return [
        levels(roots[first : first + (1 << height)], parent)[-1][0]
        for first, height in mountains(len(roots))
    ]


def batch_key(omega, batch, peaks_before):
    return H(b"SEED", omega, le(batch), *peaks_before)


def commitment_root(omega, batches, peaks):
    return H(b"ROOT", omega, le(batches), *peaks)


class Prover:
    """Walks, with hooks for what a cheat does otherwise."""

    def __init__(self, challenge, p, batches, fill=None, walk=walk_lane, number=None):
        self.challenge, self.p, self.batches = challenge, p, batches
        self.omega = walk_challenge(challenge, p)
        count = p["pages"] << p["page_bits"]
        self.fill = fill or [entry(self.omega, i, p["rounds"]) for i in range(count)]
        number = number or (lambda lane: lane)
        self.keys, self.roots, self.marks, self.trees = [], [], [], []
        for batch in range(batches):
            key = batch_key(self.omega, batch, peaks_of(self.roots))
            marks = [
                walk(key, number(lane), p, lambda i: self.fill[i])[1]
                for lane in range(p["lanes"])
            ]
            groups = [marks[i : i + 64] for i in range(0, len(marks), 64)]
            tree = levels([leaf(batch, g, m) for g, m in enumerate(groups)], node)
            self.keys.append(key)
            self.marks.append(groups)
            self.trees.append(tree)
            self.roots.append(tree[-1][0])
        self.peaks = peaks_of(self.roots)
        self.root = commitment_root(self.omega, batches, self.peaks)

    def open(self, beacon, count):
        openings = []
        for batch, group, lane in samples(
            beacon, self.omega, self.root, self.batches, self.p["lanes"] // 64, count
        ):
            for first, height in mountains(self.batches):
                if first <= batch < first + (1 << height):
                    mountain = levels(self.roots[first : first + (1 << height)], parent)
                    mountain_path = siblings(mountain, batch - first)
            openings.append(
                {
                    "batch": batch,
                    "group": group,
                    "lane": lane,
                    "marks": self.marks[batch][group],
                    "group_path": texts(siblings(self.trees[batch], group)),
                    "mountain_path": texts(mountain_path),
                }
            )
        return openings

    def bundle(self, beacon, count):
        return {
            "version": 2,
            "challenge": text(self.challenge),
            "parameters": self.p,
            "batches": self.batches,
            "root": text(self.root),
            "peaks": texts(self.peaks),
            "sampling_beacon": text(beacon),
            "openings": self.open(beacon, count),
        }


# --- The sampling ---------------------------------------------------------------------


def chacha8_block(key, counter):
    start = words(b"expand 32-byte k") + words(key) + [counter, 0, 0, 0]
    x = list(start)

    def quarter(a, b, c, d):
        for first, second, third, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            x[first] = (x[first] + x[second]) & 0xFFFFFFFF
            x[third] = rotate(x[third] ^ x[first], bits)

    for _ in range(4):
        for i in range(4):
            quarter(i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return [(a + b) & 0xFFFFFFFF for a, b in zip(x, start)]


def samples(beacon, omega, root, batches, groups, count):
    key = H(b"SMPL", beacon, omega, root)
    stream = []
    while len(stream) < 3 * count:
        stream += chacha8_block(key, len(stream) // 16)
    result = []
    for s in range(count):
        x, y, z = stream[3 * s : 3 * s + 3]
        result.append(((x * batches) >> 32, (y * groups) >> 32, z & 63))
    return result


# --- The verifier ---------------------------------------------------------------------


def min_batches(p):
    entries = p["pages"] << p["page_bits"]
    return max(1, -(-entries * p["passes"] // (p["lanes"] * p["hops"])))


def verify(bundle):
    """None, or the first check that fails."""
    p, batches = bundle["parameters"], bundle["batches"]
    challenge, root = data(bundle["challenge"]), data(bundle["root"])
    beacon = data(bundle["sampling_beacon"])
    peaks = [data(peak) for peak in bundle["peaks"]]
    openings = bundle["openings"]
    if check_parameters(p):
        return check_parameters(p)
    if not 1 <= batches < 1 << 31:
        return "batches"
    if batches < min_batches(p):
        return "too few batches"
    if not openings:
        return "no openings"
    if len(peaks) != bin(batches).count("1"):
        return "peak count"
    omega = walk_challenge(challenge, p)
    if commitment_root(omega, batches, peaks) != root:
        return "root"
    groups = p["lanes"] // 64
    drawn = samples(beacon, omega, root, batches, groups, len(openings))

    def mountain_of(batch):
        for peak, (first, height) in enumerate(mountains(batches)):
            if first <= batch < first + (1 << height):
                return peak, batch - first, height

    for index, ((batch, group, lane), shown) in enumerate(zip(drawn, openings)):
        if len(shown["group_path"]) != groups.bit_length() - 1:
            return f"group path length {index}"
        if len(shown["mountain_path"]) != mountain_of(batch)[2]:
            return f"mountain path length {index}"
    for index, ((batch, group, lane), shown) in enumerate(zip(drawn, openings)):
        climbed = leaf(batch, group, shown["marks"])
        for level, sibling in enumerate(shown["group_path"]):
            pair = (data(sibling), climbed) if group >> level & 1 else (climbed, data(sibling))
            climbed = node(*pair)
        peak, position, height = mountain_of(batch)
        left = []
        for level, sibling in enumerate(shown["mountain_path"]):
            if position >> level & 1:
                left.insert(0, data(sibling))
                climbed = parent(data(sibling), climbed)
            else:
                climbed = parent(climbed, data(sibling))
        if climbed != peaks[peak]:
            return f"peak {index}"
        key = batch_key(omega, batch, peaks[:peak] + left)
        number = 64 * group + lane
        _, mark = walk_lane(key, number, p, lambda i: entry(omega, i, p["rounds"]))
        if mark != shown["marks"][lane]:
            return f"mark {index}"
    # Outside a chain an opening names its position too.
    for index, (position, shown) in enumerate(zip(drawn, openings)):
        if position != (shown["batch"], shown["group"], shown["lane"]):
            return f"position {index}"
    return None


# --- The vectors ----------------------------------------------------------------------


def text(data):
    return "0x" + data.hex()


def texts(hashes):
    return [text(one) for one in hashes]


def data(text):
    return bytes.fromhex(text.removeprefix("0x"))


def size(pages, page_bits, rounds, lanes, hops, passes):
    return dict(zip(NAMES, (pages, page_bits, rounds, lanes, hops, passes)))


def seed(name):
    return H(b"memory walk vector", name.encode())


def golden():
    permuted = [
        {"rounds": rounds, "from": start, "to": permute(start, rounds)}
        for rounds, start in (
            (1, list(range(32))),
            (4, words(seed("a") + seed("b") + seed("c") + seed("d"))),
            # The initial state of CubeHash16/32-512, as published.
            (160, [64, 32, 16] + [0] * 29),
        )
    ]
    production = size(128, 23, 1280, 1 << 20, 16, 32)
    omega = walk_challenge(seed("production"), production)
    lanes = []
    for lane in (0, 1, (1 << 20) - 1):
        visited, mark = walk_lane(
            seed("batch key"), lane, production, lambda i: entry(omega, i, 1280)
        )
        lanes.append({"lane": lane, "visited": visited, "mark": mark})
    of_production = {
        "challenge": text(seed("production")),
        "parameters": production,
        "walk_challenge": text(omega),
        "entries": [
            {"number": number, "words": entry(omega, number, 1280)}
            for number in (0, 1, (1 << 23) - 1, (128 << 23) - 1)
        ],
        "batch_key": text(seed("batch key")),
        "lanes": lanes,
    }
    walks = []
    for name, p, batches, count in (
        ("one page, one group, one batch", size(1, 4, 8, 64, 1, 4), 1, 2),
        ("three pages, seven batches", size(3, 4, 16, 128, 3, 8), 7, 6),
        ("pages of one entry", size(5, 0, 9, 64, 2, 1), 2, 4),
        ("more passes than one batch makes", size(2, 6, 12, 256, 4, 24), 3, 5),
    ):
        prover = Prover(seed(name), p, batches)
        walks.append(
            {
                "name": name,
                "walk_challenge": text(prover.omega),
                "joined_challenge": text(joined_challenge(prover.challenge, prover.root)),
                "keys": texts(prover.keys),
                "batch_roots": texts(prover.roots),
                **prover.bundle(seed("beacon " + name), count),
            }
        )
    return {"permutation": permuted, "production": of_production, "walks": walks}


def refused():
    p = size(3, 4, 16, 128, 3, 8)
    challenge, beacon = seed("refused"), seed("refused beacon")
    honest = Prover(challenge, p, 7)
    result = []

    def add(name, expected, bundle):
        found = verify(bundle)
        assert found == expected, f"{name}: {found}"
        result.append({"name": name, "refused_for": expected, **bundle})

    def altered(name, expected, alter):
        bundle = json.loads(json.dumps(honest.bundle(beacon, 6)))
        assert verify(bundle) is None
        alter(bundle)
        add(name, expected, bundle)

    # Cheats that lie from the start, and commit to it.
    omega = honest.omega
    wrong = [list(one) for one in honest.fill]
    for one in wrong:
        one[31] ^= 1 << 31
    add("one bit of every entry wrong", "mark 0", Prover(challenge, p, 7, fill=wrong).bundle(beacon, 6))
    short = [entry(omega, i, p["rounds"] - 1) for i in range(48)]
    add("a round too few an entry", "mark 0", Prover(challenge, p, 7, fill=short).bundle(beacon, 6))
    other = walk_challenge(seed("another"), p)
    foreign = [entry(other, i, p["rounds"]) for i in range(48)]
    add("the fill of another challenge", "mark 0", Prover(challenge, p, 7, fill=foreign).bundle(beacon, 6))
    halved = [honest.fill[i % 24] for i in range(48)]
    add("half a fill, used twice", "mark 0", Prover(challenge, p, 7, fill=halved).bundle(beacon, 6))

    def neighbour(key, lane, p, read):
        return walk_lane(key, lane, p, lambda i: read(i ^ 1))

    add("the entry beside the right one", "mark 0", Prover(challenge, p, 7, walk=neighbour).bundle(beacon, 6))

    def one_less(key, lane, p, read):
        return walk_lane(key, lane, {**p, "hops": p["hops"] - 1}, read)

    add("a hop too few", "mark 0", Prover(challenge, p, 7, walk=one_less).bundle(beacon, 6))
    add("the lane beside the right one", "mark 0", Prover(challenge, p, 7, number=lambda i: i ^ 1).bundle(beacon, 6))

    # Honest walks, altered afterwards.
    altered("a mark altered", "peak 1", lambda b: flip(b["openings"][1]["marks"]))
    altered("a group path element too many", "group path length 0", lambda b: b["openings"][0]["group_path"].append(text(omega)))
    altered("a group path element missing", "group path length 2", lambda b: b["openings"][2]["group_path"].pop())
    on_mountain = next(i for i, one in enumerate(honest.open(beacon, 6)) if one["mountain_path"])
    altered("a mountain path element too many", "mountain path length 0", lambda b: b["openings"][0]["mountain_path"].append(text(omega)))
    altered("a mountain path element missing", f"mountain path length {on_mountain}", lambda b: b["openings"][on_mountain]["mountain_path"].pop())
    altered("a peak too many", "peak count", lambda b: b["peaks"].append(b["peaks"][0]))
    altered("peaks swapped", "root", lambda b: b["peaks"].reverse())
    altered("no openings", "no openings", lambda b: b["openings"].clear())
    altered("another challenge", "root", lambda b: b.update(challenge=text(seed("another"))))
    altered("another size", "root", lambda b: b["parameters"].update(pages=2))
    altered("another position named", "position 3", lambda b: b["openings"][3].update(lane=b["openings"][3]["lane"] ^ 1))
    altered("no pages", "pages", lambda b: b["parameters"].update(pages=0))
    altered("three groups", "lanes", lambda b: b["parameters"].update(lanes=192))
    altered("too much to verify", "hops", lambda b: b["parameters"].update(rounds=4096, hops=9))
    add("too few batches for the fill", "too few batches", Prover(challenge, size(3, 4, 16, 64, 1, 8), 5).bundle(beacon, 2))
    return result


def flip(marks):
    marks[0] ^= 1


def written(vectors):
    """JSON with lists of numbers on one line."""
    result = json.dumps(vectors, indent=1)
    lines, buffer = [], None
    for line in result.split("\n"):
        bare = line.strip()
        if buffer is not None:
            buffer += bare if bare.startswith("]") or buffer.endswith("[") else " " + bare
            if bare.startswith("]"):
                lines.append(buffer)
                buffer = None
        elif bare.endswith("[") and any(
            bare.startswith(f'"{name}"') for name in ("from", "to", "words", "marks", "visited")
        ):
            buffer = line
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def main(arguments):
    if arguments == ["write"]:
        GOLDEN.write_text(written(golden()))
        REFUSED.write_text(written(refused()))
        return 0
    if arguments == ["check"]:
        for path, vectors in ((GOLDEN, golden()), (REFUSED, refused())):
            if json.loads(path.read_text()) != vectors:
                print(f"{path.name} is not what this program computes")
                return 1
        for walk in golden()["walks"]:
            if verify(walk) is not None:
                print(f"{walk['name']}: {verify(walk)}")
                return 1
        print("the vectors are what this program computes")
        return 0
    if len(arguments) == 2 and arguments[0] == "verify":
        failed = verify(json.loads(pathlib.Path(arguments[1]).read_text()))
        print("verified" if failed is None else f"refused: {failed}")
        return 0 if failed is None else 1
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
